using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection.Types;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata.Artworks;

/// <summary>
/// Collects the images that come with the media: sidecar files, embedded images and, where there is none at all, a frame of the film.
/// Except for frames, they have priority over a provider's.
/// </summary>
public sealed partial class LocalArtwork(
    IItemArtworkStore store, ArtworkStore artwork, MediaProbe probe, SourceConnectors connectors, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, TimeProvider time, ILogger<LocalArtwork> logger)
{
    private const int BatchSize = 100;

    /// <summary>Maximum duration of one run; the next one continues.</summary>
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(4);

    private bool _hasChecked;
    private long _lastFileId;
    private long _analyzedSince;

    /// <returns>What was done, in a sentence; null while a first scan runs.</returns>
    public async Task<string?> RunAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        if (!_hasChecked)
        {
            await store.RemoveAsync(await artwork.RemoveMissingAsync(cancellation), cancellation);
            _hasChecked = true;
        }

        var run = new ArtworkRun(time.GetUtcNow() + RunLimit, progress);
        if (!await CollectSidecarsAsync(run, cancellation) || !await CollectEmbeddedAsync(run, cancellation))
        {
            return null;
        }

        return run.SavedCount == 0 ? "No new pictures." : run.SavedCount == 1 ? "One picture was taken from the files and their folders." : string.Create(CultureInfo.InvariantCulture, $"{run.SavedCount:N0} pictures were taken from the files and their folders.");
    }

    private async Task<bool> CollectSidecarsAsync(ArtworkRun run, CancellationToken cancellation)
    {
        var last = await store.LastFileIdAsync(cancellation);
        var after = Volatile.Read(ref _lastFileId);
        while (time.GetUtcNow() < run.Deadline)
        {
            if (await store.NextSidecarsAsync(after, BatchSize, cancellation) is not { } files)
            {
                return false;
            }

            foreach (var file in files)
            {
                cancellation.ThrowIfCancellationRequested();
                if (OriginFromName(file.Name) is { } origin && !run.UnreachableSources.Contains(file.SourceId) && await FindOwnerAsync(file, origin, cancellation) is { } item)
                {
                    await SaveAsync(
                        run,
                        new ItemArtwork { ItemId = item, Layer = origin, FileId = file.FileId, Stamp = file.Stamp },
                        file.SourceId,
                        $"file:{file.FileId}:{file.Stamp}",
                        source => ReadBytesAsync(source, file, cancellation),
                        cancellation);
                }
            }

            ReportProgress(run);
            if (files.Count < BatchSize)
            {
                // After an unreachable source, the next run starts from the beginning to retry it.
                Volatile.Write(ref _lastFileId, run.UnreachableSources.Count == 0 ? last : 0);
                break;
            }

            after = files[^1].FileId;
        }

        return true;
    }

    private async Task<bool> CollectEmbeddedAsync(ArtworkRun run, CancellationToken cancellation)
    {
        var (began, tried) = (time.GetUtcNow().ToUnixTimeMilliseconds(), new HashSet<(long, ArtworkOrigin)>());
        for (var before = long.MaxValue; before > 0;)
        {
            if (time.GetUtcNow() >= run.Deadline)
            {
                return true;
            }

            if (await store.NextEmbeddedAsync(before, Volatile.Read(ref _analyzedSince), BatchSize, cancellation) is not { } batch)
            {
                return false;
            }

            foreach (var candidate in batch.Candidates.Where(c => !run.UnreachableSources.Contains(c.SourceId) && tried.Add((c.ItemId, c.Origin))))
            {
                cancellation.ThrowIfCancellationRequested();
                if (time.GetUtcNow() >= run.Deadline)
                {
                    return true;
                }

                await SaveAsync(
                    run, new ItemArtwork { ItemId = candidate.ItemId, Layer = candidate.Origin }, candidate.SourceId, null, source => probe.ExtractArtworkAsync(source, candidate, cancellation), cancellation);
            }

            ReportProgress(run);
            before = batch.Before;
        }

        if (run.UnreachableSources.Count == 0)
        {
            Volatile.Write(ref _analyzedSince, began);
        }

        return true;
    }

    private async Task SaveAsync(ArtworkRun run, ItemArtwork itemArtwork, long sourceId, string? originKey, Func<Source, Task<byte[]?>> read, CancellationToken cancellation)
    {
        try
        {
            if (originKey is not null && await artwork.FindByOriginAsync(originKey, cancellation) is { } address)
            {
                itemArtwork.Address = address;
            }
            else if (await LoadSourceAsync(run, sourceId, cancellation) is { } source)
            {
                itemArtwork.Address = await read(source) is { } bytes ? await artwork.SaveAsync(bytes, originKey, cancellation) : null;
            }
            else
            {
                return;
            }
        }
        catch (MediaProbeException exception) when (exception.IsTransient)
        {
            logger.LogInformation("A picture waits: {Why}", exception.Message);
            return;
        }
        catch (MediaProbeException)
        {
            // There is no image and never will be: this is saved as well.
        }
        catch (SourceException exception)
        {
            logger.LogInformation("A picture waits: {Why}", exception.Message);
            if (exception.Kind is SourceErrorKind.Unreachable or SourceErrorKind.TimedOut || exception.IsSourceWide)
            {
                run.UnreachableSources.Add(sourceId);
            }

            return;
        }

        await store.SaveAsync(itemArtwork, cancellation);
        run.SavedCount += itemArtwork.Address is null ? 0 : 1;
    }

    private async Task<Source?> LoadSourceAsync(ArtworkRun run, long id, CancellationToken cancellation)
    {
        if (!run.Sources.TryGetValue(id, out var source))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            run.Sources[id] = source = await db.Sources.AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == id, cancellation);
        }

        return source;
    }

    private async Task<byte[]?> ReadBytesAsync(Source source, ArtworkFile file, CancellationToken cancellation)
    {
        if (file.Size > ArtworkStore.MaxBytes)
        {
            return null;
        }

        await using var connector = connectors.Connect(source);
        await using var content = await connector.OpenAsync(file.Path, cancellation);

        // The first bytes show whether it is an image at all; bytes that were added since the file was listed are not read.
        var head = new byte[Math.Min(ArtworkStore.HeaderBytes, (int)file.Size)];
        var read = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        if (ArtworkStore.DetectContentType(head.AsSpan(0, read)) is null)
        {
            return null;
        }

        var bytes = new byte[(int)file.Size];
        head.CopyTo(bytes, 0);
        return bytes[..(read + await content.ReadAtLeastAsync(bytes.AsMemory(read), bytes.Length - read, throwOnEndOfStream: false, cancellation))];
    }

    /// <summary>Finds the item by the image's name: the item of the file beside it, the season, or the item of the whole folder.</summary>
    private async Task<long?> FindOwnerAsync(ArtworkFile file, ArtworkOrigin origin, CancellationToken cancellation)
    {
        var stem = Path.GetFileNameWithoutExtension(file.Name);
        if (ParseSeason(stem) is { } number)
        {
            return await store.ItemInAsync(file.SourceId, file.Folder, cancellation) is { Kind: MediaKind.Series } series ? await store.FindSeasonAsync(series.ItemId, number, cancellation) : null;
        }

        if (!IsFolderArtwork(stem))
        {
            return file.ItemId;
        }

        return await store.ItemInAsync(file.SourceId, file.Folder, cancellation) switch
        {
            { Kind: MediaKind.Series, Season: { } season } when IsSeasonFolder(file.Folder) => season,
            { Kind: MediaKind.Artist } when origin == ArtworkOrigin.Cover => null,     // the cover of one of its albums, in a folder too high up
            { } folderItem => folderItem.ItemId,
            null => null,
        };
    }

    /// <summary>The kind of image by its name; null for one that does not represent an item, such as a banner.</summary>
    internal static ArtworkOrigin? OriginFromName(string name)
    {
        var stem = Path.GetFileNameWithoutExtension(name).ToUpperInvariant();
        var word = stem[(stem.LastIndexOfAny(['-', '.', '_', ' ']) + 1)..];
        return word switch
        {
            "POSTER" or "KEYART" => ArtworkOrigin.Poster,
            "FOLDER" => ArtworkOrigin.Folder,
            "COVER" => ArtworkOrigin.Cover,
            "FRONT" or "THUMB" or "ARTIST" => ArtworkOrigin.Beside,
            _ => Sidecar.IsArtworkWord(word.ToLowerInvariant().TrimEnd("0123456789".ToCharArray())) ? null : ArtworkOrigin.Beside,
        };
    }

    private static bool IsFolderArtwork(string stem) => stem.ToUpperInvariant() is "POSTER" or "KEYART" or "FOLDER" or "COVER" or "FRONT" or "ARTIST";

    private static bool IsSeasonFolder(string folder) => SeasonName().IsMatch(folder[(folder.LastIndexOf('/') + 1)..]);

    /// <summary>"season01-poster" and "season-specials-poster", as Kodi names them.</summary>
    private static int? ParseSeason(string stem) => SeasonPoster().Match(stem) switch
    {
        { Success: false } => null,
        { Groups: var groups } => groups["number"].Success ? int.Parse(groups["number"].ValueSpan, CultureInfo.InvariantCulture) : 0,
    };

    private void ReportProgress(ArtworkRun run)
    {
        if (run.SavedCount > run.ReportedCount)
        {
            run.ReportedCount = run.SavedCount;
            events.Publish(new ItemsChanged());
            run.Progress.Report(new ProgressUpdate(null, FormattableString.Invariant($"{run.SavedCount:N0} pictures taken")));
        }
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^season[-_ ]?(?:(?<number>[0-9]{1,4})|specials)[-_ ]poster$", System.Text.RegularExpressions.RegexOptions.IgnoreCase | System.Text.RegularExpressions.RegexOptions.CultureInvariant | System.Text.RegularExpressions.RegexOptions.NonBacktracking)]
    private static partial System.Text.RegularExpressions.Regex SeasonPoster();

    [System.Text.RegularExpressions.GeneratedRegex(@"^(?:season|staffel|saison|series|temporada|stagione|s)[-_. ]?[0-9]{1,4}\b|^specials$", System.Text.RegularExpressions.RegexOptions.IgnoreCase | System.Text.RegularExpressions.RegexOptions.CultureInvariant | System.Text.RegularExpressions.RegexOptions.NonBacktracking)]
    private static partial System.Text.RegularExpressions.Regex SeasonName();

    private sealed class ArtworkRun(DateTimeOffset deadline, IProgress<ProgressUpdate> progress)
    {
        public DateTimeOffset Deadline { get; } = deadline;

        public IProgress<ProgressUpdate> Progress { get; } = progress;

        /// <summary>Sources that did not respond in this run; the rest of the run skips them.</summary>
        public HashSet<long> UnreachableSources { get; } = [];

        public Dictionary<long, Source?> Sources { get; } = [];

        public int SavedCount { get; set; }

        public int ReportedCount { get; set; }
    }
}
