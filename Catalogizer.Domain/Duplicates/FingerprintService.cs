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
/// Finds identical files step by step: by size, then by their first, middle and last blocks, then by all of their bytes. Files
/// are only read, through their source. Results are stored in the database, so a run continues where the last one stopped; a
/// file that is being read when a run is stopped is read again from its start.
/// </summary>
public sealed class FingerprintService(
    IDuplicateStore store, SourceConnectors connectors, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, IOptions<DuplicateOptions> options, TimeProvider time)
{
    /// <summary>Size in bytes of each of the three blocks of a sample; a file no longer than all three is read completely.</summary>
    public const int SampleBlockSize = 64 * 1024;

    private const int ReadBufferSize = 1 << 20;
    private const int BatchSize = 32;
    private const int MaxAttempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(50);

    /// <summary>Finds files of the same size and reads the missing samples.</summary>
    /// <returns>What was done, in a sentence.</returns>
    public async Task<string> SampleAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        if (!await store.FindCandidatesAsync(cancellation))
        {
            return "A first scan is under way; duplicates are looked for after it.";
        }

        var run = new FingerprintRun(time.GetUtcNow() + RunLimit);
        try
        {
            for (var after = 0L; time.GetUtcNow() < run.Deadline && await store.NextAsync(whole: false, after, run.UnreachableSources, BatchSize, cancellation) is { Count: > 0 } files; after = files[^1].FileId)
            {
                await ReadFilesAsync(files, whole: false, run, progress, cancellation);
            }
        }
        finally
        {
            await GroupAsync(lesserCopies: !cancellation.IsCancellationRequested);
        }

        return Describe(run, "sampled");
    }

    /// <summary>Reads files with identical samples completely, those that free the most bytes first, up to the bytes of one run.</summary>
    /// <returns>What was done, in a sentence.</returns>
    public async Task<string> CompareAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var run = new FingerprintRun(time.GetUtcNow() + RunLimit);
        try
        {
            while (run.BytesRead < options.Value.BytesPerRun && time.GetUtcNow() < run.Deadline
                && await store.NextAsync(whole: true, 0, run.UnreachableSources, BatchSize, cancellation) is { Count: > 0 } files)
            {
                var before = run.FilesRead;
                await ReadFilesAsync([.. files.Where(f => !run.AttemptedFiles.Contains(f.FileId))], whole: true, run, progress, cancellation);
                if (run.FilesRead == before && files.All(f => run.AttemptedFiles.Contains(f.FileId) || run.UnreachableSources.Contains(f.SourceId) || !run.HasRoomFor(f, options.Value)))
                {
                    break;
                }
            }
        }
        finally
        {
            await GroupAsync(lesserCopies: false);
        }

        return Describe(run, "read as a whole");
    }

    private async Task GroupAsync(bool lesserCopies)
    {
        if (await store.GroupAsync(lesserCopies, CancellationToken.None))
        {
            events.Publish(new DuplicatesChanged());
        }
    }

    private async Task ReadFilesAsync(IReadOnlyList<FingerprintCandidate> files, bool whole, FingerprintRun run, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var ids = files.Select(f => f.SourceId).ToHashSet();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sources = await db.Sources.AsNoTracking().Include(s => s.Smb).Where(s => ids.Contains(s.Id)).ToDictionaryAsync(s => s.Id, cancellation);
        var results = new List<FingerprintResult>();
        try
        {
            foreach (var file in files.Where(f => sources.ContainsKey(f.SourceId)))
            {
                if (run.UnreachableSources.Contains(file.SourceId) || (whole && !run.HasRoomFor(file, options.Value)))
                {
                    continue;
                }

                run.AttemptedFiles.Add(file.FileId);
                if (await FingerprintFileAsync(sources[file.SourceId], file, whole, run, cancellation) is { } result)
                {
                    results.Add(result);
                    run.FilesRead++;
                    if (whole)
                    {
                        await store.SaveAsync([result], CancellationToken.None);
                        results.Clear();
                    }

                    progress.Report(new ProgressUpdate(null, FormattableString.Invariant($"{run.FilesRead:N0} files read, {run.BytesRead / 1_000_000:N0} MB")));
                }
            }
        }
        finally
        {
            if (results.Count > 0)
            {
                await store.SaveAsync(results, CancellationToken.None);
            }
        }
    }

    /// <returns>Null when the source does not respond, which says nothing about the file.</returns>
    private async Task<FingerprintResult?> FingerprintFileAsync(Source source, FingerprintCandidate file, bool whole, FingerprintRun run, CancellationToken cancellation)
    {
        try
        {
            await YieldToReadersAsync(cancellation);
            await using var connector = connectors.Connect(source);
            await using var content = await Task.Run(async () => await connector.OpenAsync(file.Path, cancellation), cancellation);
            if (content.Length != file.Size)
            {
                return CreateFailure(file, "It is not as large as it was; the next scan sees to it.");
            }

            return whole ? new FingerprintResult(file, null, await HashWholeAsync(content, run, cancellation), null, null) : await SampleAsync(content, file, run, cancellation);
        }
        catch (SourceException exception) when (exception.Kind is SourceErrorKind.Unreachable or SourceErrorKind.TimedOut || exception.IsSourceWide)
        {
            run.UnreachableSources.Add(source.Id);
            return null;
        }
        catch (SourceException exception) when (exception.Kind == SourceErrorKind.NotFound)
        {
            if (await connectors.CanReadRootAsync(source, cancellation))
            {
                return CreateFailure(file, "It is not where it was; the next scan sees to it.");
            }

            run.UnreachableSources.Add(source.Id);
            return null;
        }
        catch (IOException exception)
        {
            return CreateFailure(file, exception.Message);
        }
    }

    private static async Task<FingerprintResult> SampleAsync(Stream content, FingerprintCandidate file, FingerprintRun run, CancellationToken cancellation)
    {
        var isShort = file.Size <= 3 * SampleBlockSize;
        var bytes = new byte[isShort ? (int)file.Size : 3 * SampleBlockSize];
        if (isShort)
        {
            await content.ReadExactlyAsync(bytes, cancellation);
        }
        else
        {
            long[] offsets = [0, (file.Size - SampleBlockSize) / 2, file.Size - SampleBlockSize];
            for (var i = 0; i < offsets.Length; i++)
            {
                content.Position = offsets[i];
                await content.ReadExactlyAsync(bytes.AsMemory(i * SampleBlockSize, SampleBlockSize), cancellation);
            }
        }

        run.BytesRead += bytes.Length;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(size, file.Size);
        hash.AppendData(size);
        hash.AppendData(bytes);
        return new FingerprintResult(file, hash.GetHashAndReset(), isShort ? SHA256.HashData(bytes) : null, null, null);
    }

    private async Task<byte[]> HashWholeAsync(Stream content, FingerprintRun run, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[ReadBufferSize];
        var remaining = content.Length;
        for (var read = 0; remaining > 0; remaining -= read)
        {
            await YieldToReadersAsync(cancellation);
            read = await content.ReadAsync(buffer, cancellation);
            if (read == 0)
            {
                throw new EndOfStreamException("It ended before its end; the next scan sees to it.");
            }

            hash.AppendData(buffer, 0, read);
            run.BytesRead += read;
        }

        return hash.GetHashAndReset();
    }

    /// <summary>Waits while users are reading pages, for <see cref="MaxPause"/> at most.</summary>
    private async Task YieldToReadersAsync(CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; store.IsBeingRead && waited < MaxPause; waited += Pause)
        {
            await Task.Delay(Pause, cancellation);
        }
    }

    private FingerprintResult CreateFailure(FingerprintCandidate file, string error) => new(
        file, null, null, error, file.Attempts + 1 < MaxAttempts ? (time.GetUtcNow() + TimeSpan.FromHours(Math.Pow(6, file.Attempts))).ToUnixTimeMilliseconds() : null);

    private static string Describe(FingerprintRun run, string done) => FormattableString.Invariant($"{run.FilesRead:N0} files were {done}, {run.BytesRead / 1_000_000:N0} MB.")
        + (run.UnreachableSources.Count > 0 ? " Files on sources that do not answer wait." : "");

    private sealed class FingerprintRun(DateTimeOffset deadline)
    {
        public DateTimeOffset Deadline { get; } = deadline;

        /// <summary>Sources that did not respond in this run; the rest of the run skips them.</summary>
        public HashSet<long> UnreachableSources { get; } = [];

        public HashSet<long> AttemptedFiles { get; } = [];

        public long FilesRead { get; set; }

        public long BytesRead { get; set; }

        public bool HasRoomFor(FingerprintCandidate file, DuplicateOptions options) => BytesRead == 0 || BytesRead + file.Size <= options.BytesPerRun;
    }
}
