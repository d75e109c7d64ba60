using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>
/// Tries a place before it becomes a source, or before a source is moved there. Nothing is saved. Where the number of a source
/// is given, what the description leaves out is the source's own, its password for the same server and user included.
/// </summary>
public sealed class SourceTrials(IDbContextFactory<CatalogDbContext> contexts, SourceConnectors connectors, SourceDrafts drafts, ScanPreview preview, IFolderReader folders) : IDisposable
{
    /// <summary>Trials at a time that reach beyond this server.</summary>
    internal const int MostAtATime = 4;

    /// <summary>Stands for the share where there is none yet.</summary>
    private const string AnyShare = "IPC$";

    private const int MostFolders = 2000;
    private const int FoldersOfSample = 30;
    private const int FilesOfFolder = 50;
    private const int MostNamed = 5;

    private readonly SemaphoreSlim _turns = new(MostAtATime);

    public void Dispose() => _turns.Dispose();

    /// <summary>The shares that the file server offers to this user.</summary>
    public async Task<Result<IReadOnlyList<ShareChoice>>> SharesAsync(Actor actor, SourceDraft draft, long? id, CancellationToken cancellation)
    {
        actor.Demand(Permission.SourcesManage);
        var prepared = await PrepareAsync(draft with { Share = AnyShare, Folder = "" }, id, cancellation);
        if (!prepared.IsOk)
        {
            return prepared.Error!;
        }

        try
        {
            using var turn = await TurnAsync(prepared.Value, cancellation);
            return new Result<IReadOnlyList<ShareChoice>>(
                connectors.Find(prepared.Value.Protocol)!.SharesAsync(prepared.Value, cancellation) is { } asking ? await asking : []);
        }
        catch (SourceFault fault)
        {
            return SourceErrors.CannotBeRead(fault);
        }
    }

    /// <summary>Whether the place can be read, and what is wrong when it cannot.</summary>
    public async Task<SourceTest> TestAsync(Actor actor, SourceDraft draft, long? id, CancellationToken cancellation)
    {
        actor.Demand(Permission.SourcesManage);
        var prepared = await PrepareAsync(draft, id, cancellation);
        if (!prepared.IsOk)
        {
            return new SourceTest(false, "invalid", prepared.Error!.Message);
        }

        try
        {
            using var turn = await TurnAsync(prepared.Value, cancellation);
            await using var connector = connectors.Connect(prepared.Value);
            var found = SourceTest.Of(await Task.Run(async () => await connector.ListAsync("", cancellation), cancellation));
            return found with { Warning = await Task.Run(() => connectors.Warning(prepared.Value), cancellation) };
        }
        catch (SourceFault fault)
        {
            return SourceTest.Of(fault);
        }
    }

    /// <summary>What lies in a folder of a place.</summary>
    /// <param name="folder">Inside the place, with '/'; for folders of this machine, an absolute one.</param>
    public async Task<FolderListing> BrowseAsync(Actor actor, SourceDraft draft, long? id, string folder, CancellationToken cancellation)
    {
        actor.Demand(Permission.SourcesManage);
        if (draft.Protocol == "local")
        {
            return await Task.Run(() => connectors.Browse(folder), cancellation);
        }

        var parent = folder.Length == 0 ? null : folder.LastIndexOf('/') is var end and >= 0 ? folder[..end] : "";
        var prepared = await PrepareAsync(draft with { Folder = folder }, id, cancellation);
        if (!prepared.IsOk)
        {
            return new FolderListing(folder, parent, [], 0, prepared.Error!.Message);
        }

        try
        {
            using var turn = await TurnAsync(prepared.Value, cancellation);
            await using var connector = connectors.Connect(prepared.Value);
            var content = await connector.ListAsync("", cancellation);
            var choices = content.Entries.Where(e => e.IsFolder).OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase).Take(MostFolders)
                .Select(e => new FolderChoice(e.Name, folder.Length == 0 ? e.Name : $"{folder}/{e.Name}", true));
            return new FolderListing(folder, parent, [.. choices], content.Entries.Count(e => !e.IsFolder), null);
        }
        catch (SourceFault fault)
        {
            return new FolderListing(folder, parent, [], 0, fault.Message);
        }
    }

    /// <summary>Counts what a scan of the place would find.</summary>
    /// <param name="progress">Is told the numbers so far, a few times a second.</param>
    public async Task<Result<ScanPreviewResult>> LookAsync(Actor actor, SourceDraft draft, long? id, IProgress<ScanPreviewResult>? progress, CancellationToken cancellation)
    {
        actor.Demand(Permission.SourcesManage);
        var prepared = await PrepareAsync(draft, id, cancellation);
        if (!prepared.IsOk)
        {
            return prepared.Error!;
        }

        try
        {
            using var turn = await TurnAsync(prepared.Value, cancellation);
            return await preview.RunAsync(actor, prepared.Value, cancellation, progress);
        }
        catch (SourceFault fault)
        {
            return SourceErrors.CannotBeRead(fault);
        }
    }

    /// <summary>Looks for a sample of a source's known files at the place that the description moves it to.</summary>
    public async Task<Result<MovePreview>> PreviewMoveAsync(Actor actor, SourceDraft draft, long id, CancellationToken cancellation)
    {
        actor.Demand(Permission.SourcesManage);
        var prepared = await PrepareAsync(draft, id, cancellation);
        if (!prepared.IsOk)
        {
            return prepared.Error!;
        }

        var (known, samples) = await folders.SampleAsync(id, FoldersOfSample, FilesOfFolder, cancellation);
        try
        {
            using var turn = await TurnAsync(prepared.Value, cancellation);
            await using var connector = connectors.Connect(prepared.Value);
            await connector.ModifiedAsync("", cancellation);
            var (looked, found, notThere) = (0, 0, new List<string>());
            foreach (var sample in samples)
            {
                var there = await FilesAsync(connector, sample.Folder, cancellation);
                var lost = sample.Files.Where(f => !there.Contains(f)).ToList();
                (looked, found) = (looked + sample.Files.Count, found + sample.Files.Count - lost.Count);
                notThere.AddRange(lost.Select(f => sample.Folder.Length == 0 ? f.Name : $"{sample.Folder}/{f.Name}").Take(MostNamed - notThere.Count));
            }

            return new MovePreview(known, looked, found, notThere);
        }
        catch (SourceFault fault)
        {
            return SourceErrors.CannotBeRead(fault);
        }
    }

    private static async Task<HashSet<(string Name, long Size)>> FilesAsync(ISourceConnector connector, string folder, CancellationToken cancellation)
    {
        try
        {
            var content = await connector.ListAsync(folder, cancellation);
            return [.. content.Entries.Where(e => !e.IsFolder).Select(e => (e.Name, e.Size))];
        }
        catch (SourceFault fault) when (fault.Kind is SourceFaultKind.NotFound or SourceFaultKind.Denied)
        {
            return [];
        }
    }

    /// <summary>Waits for a place among the trials that reach beyond this server; what does not answer takes none.</summary>
    /// <exception cref="SourceFault">Nothing of its protocol answers.</exception>
    private async Task<IDisposable?> TurnAsync(Source source, CancellationToken cancellation)
    {
        if (source.Protocol == "local")
        {
            return null;
        }

        await connectors.Find(source.Protocol)!.GreetAsync(source, cancellation);
        await _turns.WaitAsync(cancellation);
        return new Turn(_turns);
    }

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }

    /// <summary>A source that is not in the catalogue, to be asked as it is.</summary>
    private async Task<Result<Source>> PrepareAsync(SourceDraft draft, long? id, CancellationToken cancellation)
    {
        var kept = id is { } number ? await FindAsync(number, cancellation) : null;
        if (id is not null && kept is null)
        {
            return SourceErrors.NoSuchSource(id.Value);
        }

        if (kept is not null && SourceDrafts.PasswordMissing(draft, kept) is { } missing)
        {
            return missing;
        }

        var whole = kept is null ? draft : SourceDrafts.Complete(draft, kept);
        if (connectors.Find(whole.Protocol) is not { } protocol)
        {
            return SourceErrors.UnknownProtocol(whole.Protocol, connectors.Known);
        }

        if (protocol.Validate(whole).FirstOrDefault() is { } invalid)
        {
            return invalid;
        }

        var source = new Source { Name = whole.Name ?? "", Protocol = protocol.Name, Smb = kept?.Smb };
        drafts.Apply(whole, source);
        return source;
    }

    private async Task<Source?> FindAsync(long id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Sources.AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == id, cancellation);
    }
}
