using System.Buffers.Binary;
using System.Security.Cryptography;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Duplicates;

/// <summary>
/// Finds files that are the same, layer by layer: by size, then by their first, middle and last blocks, then by all of their
/// bytes. Files are read through their source, never written; what was read stands in the database, so each run goes on where
/// the last one was, and a file that is read when a run is stopped is begun again.
/// </summary>
public sealed class Fingerprints(
    IDuplicateStore store, SourceConnectors connectors, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, IOptions<DuplicateOptions> options, TimeProvider time)
{
    /// <summary>Bytes of each of the three blocks of a sample; a file that is not longer than all three is read as a whole.</summary>
    public const int Block = 64 * 1024;

    private const int Piece = 1 << 20;
    private const int BatchSize = 32;
    private const int MostTries = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(50);

    /// <summary>Finds what may be the same, and takes the samples that are missing.</summary>
    /// <returns>What was done, in a sentence.</returns>
    public async Task<string> SampleAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        if (!await store.FindCandidatesAsync(cancellation))
        {
            return "A first scan is under way; duplicates are looked for after it.";
        }

        var run = new Run(time.GetUtcNow() + RunLimit);
        try
        {
            for (var after = 0L; time.GetUtcNow() < run.Until && await store.NextAsync(whole: false, after, run.Away, BatchSize, cancellation) is { Count: > 0 } files; after = files[^1].FileId)
            {
                await ReadAsync(files, whole: false, run, progress, cancellation);
            }
        }
        finally
        {
            await GroupAsync(lesserCopies: !cancellation.IsCancellationRequested);
        }

        return Told(run, "sampled");
    }

    /// <summary>Reads files whose samples are the same as a whole, those first by which most could be won, up to the bytes of one run.</summary>
    /// <returns>What was done, in a sentence.</returns>
    public async Task<string> CompareAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var run = new Run(time.GetUtcNow() + RunLimit);
        try
        {
            while (run.Bytes < options.Value.BytesPerRun && time.GetUtcNow() < run.Until
                && await store.NextAsync(whole: true, 0, run.Away, BatchSize, cancellation) is { Count: > 0 } files)
            {
                var before = run.Read;
                await ReadAsync([.. files.Where(f => !run.Seen.Contains(f.FileId))], whole: true, run, progress, cancellation);
                if (run.Read == before && files.All(f => run.Seen.Contains(f.FileId) || run.Away.Contains(f.SourceId) || !run.Fits(f, options.Value)))
                {
                    break;
                }
            }
        }
        finally
        {
            await GroupAsync(lesserCopies: false);
        }

        return Told(run, "read as a whole");
    }

    private async Task GroupAsync(bool lesserCopies)
    {
        if (await store.GroupAsync(lesserCopies, CancellationToken.None))
        {
            events.Publish(new DuplicatesChanged());
        }
    }

    private async Task ReadAsync(IReadOnlyList<PrintCandidate> files, bool whole, Run run, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var ids = files.Select(f => f.SourceId).ToHashSet();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sources = await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancellation);
        var taken = new List<PrintTaken>();
        try
        {
            foreach (var file in files.Where(f => sources.ContainsKey(f.SourceId)))
            {
                if (run.Away.Contains(file.SourceId) || (whole && !run.Fits(file, options.Value)))
                {
                    continue;
                }

                run.Seen.Add(file.FileId);
                if (await OneAsync(sources[file.SourceId], file, whole, run, cancellation) is { } print)
                {
                    taken.Add(print);
                    run.Read++;
                    if (whole)
                    {
                        await store.SaveAsync([print], CancellationToken.None);
                        taken.Clear();
                    }

                    progress.Report(new ProgressUpdate(null, FormattableString.Invariant($"{run.Read:N0} files read, {run.Bytes / 1_000_000:N0} MB")));
                }
            }
        }
        finally
        {
            if (taken.Count > 0)
            {
                await store.SaveAsync(taken, CancellationToken.None);
            }
        }
    }

    /// <returns>Null when the source does not answer: that says nothing of the file.</returns>
    private async Task<PrintTaken?> OneAsync(Source source, PrintCandidate file, bool whole, Run run, CancellationToken cancellation)
    {
        try
        {
            await GiveWayAsync(cancellation);
            await using var connector = connectors.Connect(source);
            await using var content = await Task.Run(async () => await connector.OpenAsync(file.Path, cancellation), cancellation);
            if (content.Length != file.Size)
            {
                return Failed(file, "It is not as large as it was; the next scan sees to it.");
            }

            return whole ? new PrintTaken(file, null, await WholeAsync(content, run, cancellation), null, null) : await SampleAsync(content, file, run, cancellation);
        }
        catch (SourceException fault) when (fault.Kind is SourceErrorKind.Unreachable or SourceErrorKind.TimedOut || fault.IsSourceWide)
        {
            run.Away.Add(source.Id);
            return null;
        }
        catch (SourceException fault) when (fault.Kind == SourceErrorKind.NotFound)
        {
            if (await connectors.CanReadRootAsync(source, cancellation))
            {
                return Failed(file, "It is not where it was; the next scan sees to it.");
            }

            run.Away.Add(source.Id);
            return null;
        }
        catch (IOException fault)
        {
            return Failed(file, fault.Message);
        }
    }

    private static async Task<PrintTaken> SampleAsync(Stream content, PrintCandidate file, Run run, CancellationToken cancellation)
    {
        var isShort = file.Size <= 3 * Block;
        var bytes = new byte[isShort ? (int)file.Size : 3 * Block];
        if (isShort)
        {
            await content.ReadExactlyAsync(bytes, cancellation);
        }
        else
        {
            long[] places = [0, (file.Size - Block) / 2, file.Size - Block];
            for (var i = 0; i < places.Length; i++)
            {
                content.Position = places[i];
                await content.ReadExactlyAsync(bytes.AsMemory(i * Block, Block), cancellation);
            }
        }

        run.Bytes += bytes.Length;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(size, file.Size);
        hash.AppendData(size);
        hash.AppendData(bytes);
        return new PrintTaken(file, hash.GetHashAndReset(), isShort ? SHA256.HashData(bytes) : null, null, null);
    }

    private async Task<byte[]> WholeAsync(Stream content, Run run, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[Piece];
        var left = content.Length;
        for (var read = 0; left > 0; left -= read)
        {
            await GiveWayAsync(cancellation);
            read = await content.ReadAsync(piece, cancellation);
            if (read == 0)
            {
                throw new EndOfStreamException("It ended before its end; the next scan sees to it.");
            }

            hash.AppendData(piece, 0, read);
            run.Bytes += read;
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Whoever reads pages comes first; but not for ever.</summary>
    private async Task GiveWayAsync(CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; store.IsBeingRead && waited < LongestPause; waited += Pause)
        {
            await Task.Delay(Pause, cancellation);
        }
    }

    private PrintTaken Failed(PrintCandidate file, string error) => new(
        file, null, null, error, file.Tries + 1 < MostTries ? (time.GetUtcNow() + TimeSpan.FromHours(Math.Pow(6, file.Tries))).ToUnixTimeMilliseconds() : null);

    private static string Told(Run run, string done) => FormattableString.Invariant($"{run.Read:N0} files were {done}, {run.Bytes / 1_000_000:N0} MB.")
        + (run.Away.Count > 0 ? " Files on sources that do not answer wait." : "");

    private sealed class Run(DateTimeOffset until)
    {
        public DateTimeOffset Until { get; } = until;

        /// <summary>Sources that did not answer in this run.</summary>
        public HashSet<long> Away { get; } = [];

        /// <summary>Files that were tried in this run.</summary>
        public HashSet<long> Seen { get; } = [];

        public long Read { get; set; }

        public long Bytes { get; set; }

        public bool Fits(PrintCandidate file, DuplicateOptions options) => Bytes == 0 || Bytes + file.Size <= options.BytesPerRun;
    }
}
