using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>
/// Tests a location before it becomes a source, or before a source is moved there. Nothing is saved. When the id of a source is given,
/// fields that the draft omits are taken from it, including the password if server and user are the same.
/// </summary>
public sealed class SourceProbe(IDbContextFactory<CatalogDbContext> contexts, SourceConnectors connectors, SourceDraftValidator drafts, ScanPreview preview, IFolderReader folders) : IDisposable
{
    /// <summary>Maximum number of concurrent probes that use the network.</summary>
    internal const int MaxConcurrent = 4;

    /// <summary>Used as the share while none is chosen.</summary>
    private const string PlaceholderShare = "IPC$";

    private const int MaxFolders = 2000;
    private const int MaxSampleFolders = 30;
    private const int MaxFilesPerFolder = 50;
    private const int MaxReportedPaths = 5;

    private readonly SemaphoreSlim _slots = new(MaxConcurrent);

    public void Dispose() => _slots.Dispose();

    /// <summary>Lists the shares that the file server offers to the draft's user.</summary>
    public async Task<Result<IReadOnlyList<NetworkShare>>> ListSharesAsync(Actor actor, SourceDraft draft, long? id, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        var prepared = await PrepareAsync(draft with { Share = PlaceholderShare, Folder = "" }, id, cancellation);
        if (!prepared.IsOk)
        {
            return prepared.Error!;
        }

        try
        {
            using var lease = await AcquireSlotAsync(prepared.Value, cancellation);
            return new Result<IReadOnlyList<NetworkShare>>(
                connectors.Find(prepared.Value.Protocol)!.ListSharesAsync(prepared.Value, cancellation) is { } sharesTask ? await sharesTask : []);
        }
        catch (SourceException exception)
        {
            return SourceErrors.CannotBeRead(exception);
        }
    }

    /// <summary>Tests whether the location can be read; if not, the result says why.</summary>
    public async Task<SourceTestResult> TestAsync(Actor actor, SourceDraft draft, long? id, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        var prepared = await PrepareAsync(draft, id, cancellation);
        if (!prepared.IsOk)
        {
            return new SourceTestResult(false, "invalid", prepared.Error!.Message);
        }

        try
        {
            using var lease = await AcquireSlotAsync(prepared.Value, cancellation);
            await using var connector = connectors.Connect(prepared.Value);
            var found = SourceTestResult.From(await Task.Run(async () => await connector.ListAsync("", cancellation), cancellation));
            return found with { Warning = await Task.Run(() => connectors.GetWarning(prepared.Value), cancellation) };
        }
        catch (SourceException exception)
        {
            return SourceTestResult.From(exception);
        }
    }

    /// <summary>Lists a folder of a location.</summary>
    /// <param name="folder">Relative to the location, separated by '/'; for local sources absolute.</param>
    public async Task<FolderListing> BrowseAsync(Actor actor, SourceDraft draft, long? id, string folder, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
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
            using var lease = await AcquireSlotAsync(prepared.Value, cancellation);
            await using var connector = connectors.Connect(prepared.Value);
            var content = await connector.ListAsync("", cancellation);
            var choices = content.Entries.Where(e => e.IsFolder).OrderBy(e => e.Name, StringComparer.OrdinalIgnoreCase).Take(MaxFolders)
                .Select(e => new FolderOption(e.Name, folder.Length == 0 ? e.Name : $"{folder}/{e.Name}", true));
            return new FolderListing(folder, parent, [.. choices], content.Entries.Count(e => !e.IsFolder), null);
        }
        catch (SourceException exception)
        {
            return new FolderListing(folder, parent, [], 0, exception.Message);
        }
    }

    /// <summary>Counts what a scan of the location would find.</summary>
    /// <param name="progress">Receives the counts so far, several times a second.</param>
    public async Task<Result<ScanPreviewResult>> PreviewScanAsync(Actor actor, SourceDraft draft, long? id, IProgress<ScanPreviewResult>? progress, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        var prepared = await PrepareAsync(draft, id, cancellation);
        if (!prepared.IsOk)
        {
            return prepared.Error!;
        }

        try
        {
            using var lease = await AcquireSlotAsync(prepared.Value, cancellation);
            return await preview.RunAsync(actor, prepared.Value, cancellation, progress);
        }
        catch (SourceException exception)
        {
            return SourceErrors.CannotBeRead(exception);
        }
    }

    /// <summary>Checks for a sample of a source's known files at the location that the draft moves it to.</summary>
    public async Task<Result<MovePreview>> PreviewMoveAsync(Actor actor, SourceDraft draft, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesManage);
        var prepared = await PrepareAsync(draft, id, cancellation);
        if (!prepared.IsOk)
        {
            return prepared.Error!;
        }

        var (known, samples) = await folders.SampleFilesAsync(id, MaxSampleFolders, MaxFilesPerFolder, cancellation);
        try
        {
            using var lease = await AcquireSlotAsync(prepared.Value, cancellation);
            await using var connector = connectors.Connect(prepared.Value);
            await connector.GetModifiedAtAsync("", cancellation);
            var (checkedCount, found, notFoundPaths) = (0, 0, new List<string>());
            foreach (var sample in samples)
            {
                var presentFiles = await ListFilesAsync(connector, sample.Folder, cancellation);
                var missing = sample.Files.Where(f => !presentFiles.Contains(f)).ToList();
                (checkedCount, found) = (checkedCount + sample.Files.Count, found + sample.Files.Count - missing.Count);
                notFoundPaths.AddRange(missing.Select(f => sample.Folder.Length == 0 ? f.Name : $"{sample.Folder}/{f.Name}").Take(MaxReportedPaths - notFoundPaths.Count));
            }

            return new MovePreview(known, checkedCount, found, notFoundPaths);
        }
        catch (SourceException exception)
        {
            return SourceErrors.CannotBeRead(exception);
        }
    }

    private static async Task<HashSet<(string Name, long Size)>> ListFilesAsync(ISourceConnector connector, string folder, CancellationToken cancellation)
    {
        try
        {
            var content = await connector.ListAsync(folder, cancellation);
            return [.. content.Entries.Where(e => !e.IsFolder).Select(e => (e.Name, e.Size))];
        }
        catch (SourceException exception) when (exception.Kind is SourceErrorKind.NotFound or SourceErrorKind.Denied)
        {
            return [];
        }
    }

    /// <summary>Waits for a slot for probes that use the network; null for local sources. A server that does not answer takes no slot.</summary>
    /// <exception cref="SourceException">No server of the protocol answers.</exception>
    private async Task<IDisposable?> AcquireSlotAsync(Source source, CancellationToken cancellation)
    {
        if (source.Protocol == "local")
        {
            return null;
        }

        await connectors.Find(source.Protocol)!.ProbeServerAsync(source, cancellation);
        await _slots.WaitAsync(cancellation);
        return new Lease(_slots);
    }

    private sealed class Lease(SemaphoreSlim slots) : IDisposable
    {
        public void Dispose() => slots.Release();
    }

    /// <summary>Creates a source that is not in the catalogue, so that it is called directly.</summary>
    private async Task<Result<Source>> PrepareAsync(SourceDraft draft, long? id, CancellationToken cancellation)
    {
        var stored = id is { } number ? await FindAsync(number, cancellation) : null;
        if (id is not null && stored is null)
        {
            return SourceErrors.SourceNotFound(id.Value);
        }

        if (stored is not null && SourceDraftValidator.ValidatePassword(draft, stored) is { } passwordError)
        {
            return passwordError;
        }

        var completed = stored is null ? draft : SourceDraftValidator.Complete(draft, stored);
        if (connectors.Find(completed.Protocol) is not { } protocol)
        {
            return SourceErrors.UnknownProtocol(completed.Protocol, connectors.ProtocolNames);
        }

        if (protocol.Validate(completed).FirstOrDefault() is { } invalid)
        {
            return invalid;
        }

        var source = new Source { Name = completed.Name ?? "", Protocol = protocol.Name, Smb = stored?.Smb };
        drafts.Apply(completed, source);
        return source;
    }

    private async Task<Source?> FindAsync(long id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Sources.AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == id, cancellation);
    }
}
