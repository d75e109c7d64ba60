using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection.Types;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata.Pictures;

/// <summary>
/// Takes the pictures that come with the media: those that lie beside them, those that are kept in them, and where there is none
/// at all, one from the film itself. They stand above a provider's.
/// </summary>
public sealed partial class OwnPictures(
    IPictureStore store, ArtworkStore artwork, QualityProbe probe, SourceConnectors connectors, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, TimeProvider time, ILogger<OwnPictures> logger)
{
    private const int Batch = 100;

    /// <summary>How long one run goes on; the next one takes over.</summary>
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(4);

    private bool _hasChecked;
    private long _seenFile;
    private long _lookedSince;

    /// <returns>What was done, in a sentence; null while a first scan runs.</returns>
    public async Task<string?> RunAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        if (!_hasChecked)
        {
            await store.ForgetAsync(await artwork.ForgetLostAsync(cancellation), cancellation);
            _hasChecked = true;
        }

        var run = new Run(time.GetUtcNow() + RunLimit, progress);
        if (!await BesideAsync(run, cancellation) || !await WithinAsync(run, cancellation))
        {
            return null;
        }

        return run.Kept == 0 ? "No new pictures." : run.Kept == 1 ? "One picture was taken from the files and their folders." : string.Create(CultureInfo.InvariantCulture, $"{run.Kept:N0} pictures were taken from the files and their folders.");
    }

    private async Task<bool> BesideAsync(Run run, CancellationToken cancellation)
    {
        var last = await store.LastFileAsync(cancellation);
        var after = Volatile.Read(ref _seenFile);
        while (time.GetUtcNow() < run.Until)
        {
            if (await store.BesideAsync(after, Batch, cancellation) is not { } files)
            {
                return false;
            }

            foreach (var file in files)
            {
                cancellation.ThrowIfCancellationRequested();
                if (LayerOf(file.Name) is { } layer && !run.Away.Contains(file.SourceId) && await OwnerOfAsync(file, layer, cancellation) is { } item)
                {
                    await KeepAsync(
                        run,
                        new ItemPicture { ItemId = item, Layer = layer, FileId = file.FileId, Stamp = file.Stamp },
                        file.SourceId,
                        $"file:{file.FileId}:{file.Stamp}",
                        source => BytesAsync(source, file, cancellation),
                        cancellation);
                }
            }

            Told(run);
            if (files.Count < Batch)
            {
                // A source that is away is asked again at the next run, from the beginning.
                Volatile.Write(ref _seenFile, run.Away.Count == 0 ? last : 0);
                break;
            }

            after = files[^1].FileId;
        }

        return true;
    }

    private async Task<bool> WithinAsync(Run run, CancellationToken cancellation)
    {
        var (began, tried) = (time.GetUtcNow().ToUnixTimeMilliseconds(), new HashSet<(long, PictureLayer)>());
        for (var before = long.MaxValue; before > 0;)
        {
            if (time.GetUtcNow() >= run.Until)
            {
                return true;
            }

            if (await store.WithinAsync(before, Volatile.Read(ref _lookedSince), Batch, cancellation) is not { } batch)
            {
                return false;
            }

            foreach (var copy in batch.Copies.Where(c => !run.Away.Contains(c.SourceId) && tried.Add((c.ItemId, c.Layer))))
            {
                cancellation.ThrowIfCancellationRequested();
                if (time.GetUtcNow() >= run.Until)
                {
                    return true;
                }

                await KeepAsync(
                    run, new ItemPicture { ItemId = copy.ItemId, Layer = copy.Layer }, copy.SourceId, null, source => probe.PictureAsync(source, copy, cancellation), cancellation);
            }

            Told(run);
            before = batch.Before;
        }

        if (run.Away.Count == 0)
        {
            Volatile.Write(ref _lookedSince, began);
        }

        return true;
    }

    private async Task KeepAsync(Run run, ItemPicture picture, long sourceId, string? known, Func<Source, Task<byte[]?>> read, CancellationToken cancellation)
    {
        try
        {
            if (known is not null && await artwork.FindByOriginAsync(known, cancellation) is { } kept)
            {
                picture.Address = kept;
            }
            else if (await SourceAsync(run, sourceId, cancellation) is { } source)
            {
                picture.Address = await read(source) is { } bytes ? await artwork.KeepAsync(bytes, known, cancellation) : null;
            }
            else
            {
                return;
            }
        }
        catch (ProbeFault fault) when (fault.MayPass)
        {
            logger.LogInformation("A picture waits: {Why}", fault.Message);
            return;
        }
        catch (ProbeFault)
        {
            // There is none, and there will be none.
        }
        catch (SourceException fault)
        {
            logger.LogInformation("A picture waits: {Why}", fault.Message);
            if (fault.Kind is SourceErrorKind.Unreachable or SourceErrorKind.TimedOut || fault.IsSourceWide)
            {
                run.Away.Add(sourceId);
            }

            return;
        }

        await store.KeepAsync(picture, cancellation);
        run.Kept += picture.Address is null ? 0 : 1;
    }

    private async Task<Source?> SourceAsync(Run run, long id, CancellationToken cancellation)
    {
        if (!run.Sources.TryGetValue(id, out var source))
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            run.Sources[id] = source = await db.Sources.AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == id, cancellation);
        }

        return source;
    }

    private async Task<byte[]?> BytesAsync(Source source, PictureFile file, CancellationToken cancellation)
    {
        if (file.Size > ArtworkStore.Largest)
        {
            return null;
        }

        await using var connector = connectors.Connect(source);
        await using var content = await connector.OpenAsync(file.Path, cancellation);

        // Its beginning tells whether it is one at all; and what it grew to since it was listed is not read.
        var head = new byte[Math.Min(ArtworkStore.Head, (int)file.Size)];
        var read = await content.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        if (ArtworkStore.TypeOf(head.AsSpan(0, read)) is null)
        {
            return null;
        }

        var bytes = new byte[(int)file.Size];
        head.CopyTo(bytes, 0);
        return bytes[..(read + await content.ReadAtLeastAsync(bytes.AsMemory(read), bytes.Length - read, throwOnEndOfStream: false, cancellation))];
    }

    /// <summary>Whose picture it is: by its name the file's beside it, the season's or the whole folder's.</summary>
    private async Task<long?> OwnerOfAsync(PictureFile file, PictureLayer layer, CancellationToken cancellation)
    {
        var stem = Path.GetFileNameWithoutExtension(file.Name);
        if (Season(stem) is { } number)
        {
            return await store.WorkInAsync(file.SourceId, file.Folder, cancellation) is { Kind: MediaKind.Series } series ? await store.SeasonAsync(series.ItemId, number, cancellation) : null;
        }

        if (!IsOfFolder(stem))
        {
            return file.ItemId;
        }

        return await store.WorkInAsync(file.SourceId, file.Folder, cancellation) switch
        {
            { Kind: MediaKind.Series, Season: { } season } when IsSeasonFolder(file.Folder) => season,
            { Kind: MediaKind.Artist } when layer == PictureLayer.Cover => null,     // the cover of one of its albums that lies too high
            { } work => work.ItemId,
            null => null,
        };
    }

    /// <summary>Which kind of picture a name tells of; null for what is none to stand for a work, such as a banner.</summary>
    internal static PictureLayer? LayerOf(string name)
    {
        var stem = Path.GetFileNameWithoutExtension(name).ToUpperInvariant();
        var word = stem[(stem.LastIndexOfAny(['-', '.', '_', ' ']) + 1)..];
        return word switch
        {
            "POSTER" or "KEYART" => PictureLayer.Poster,
            "FOLDER" => PictureLayer.Folder,
            "COVER" => PictureLayer.Cover,
            "FRONT" or "THUMB" or "ARTIST" => PictureLayer.Beside,
            _ => Sidecar.IsArtworkWord(word.ToLowerInvariant().TrimEnd("0123456789".ToCharArray())) ? null : PictureLayer.Beside,
        };
    }

    private static bool IsOfFolder(string stem) => stem.ToUpperInvariant() is "POSTER" or "KEYART" or "FOLDER" or "COVER" or "FRONT" or "ARTIST";

    private static bool IsSeasonFolder(string folder) => SeasonName().IsMatch(folder[(folder.LastIndexOf('/') + 1)..]);

    /// <summary>"season01-poster" and "season-specials-poster", as Kodi names them.</summary>
    private static int? Season(string stem) => SeasonPoster().Match(stem) switch
    {
        { Success: false } => null,
        { Groups: var groups } => groups["number"].Success ? int.Parse(groups["number"].ValueSpan, CultureInfo.InvariantCulture) : 0,
    };

    private void Told(Run run)
    {
        if (run.Kept > run.Told)
        {
            run.Told = run.Kept;
            events.Publish(new ItemsChanged());
            run.Progress.Report(new ProgressUpdate(null, FormattableString.Invariant($"{run.Kept:N0} pictures taken")));
        }
    }

    [System.Text.RegularExpressions.GeneratedRegex(@"^season[-_ ]?(?:(?<number>[0-9]{1,4})|specials)[-_ ]poster$", System.Text.RegularExpressions.RegexOptions.IgnoreCase | System.Text.RegularExpressions.RegexOptions.CultureInvariant | System.Text.RegularExpressions.RegexOptions.NonBacktracking)]
    private static partial System.Text.RegularExpressions.Regex SeasonPoster();

    [System.Text.RegularExpressions.GeneratedRegex(@"^(?:season|staffel|saison|series|temporada|stagione|s)[-_. ]?[0-9]{1,4}\b|^specials$", System.Text.RegularExpressions.RegexOptions.IgnoreCase | System.Text.RegularExpressions.RegexOptions.CultureInvariant | System.Text.RegularExpressions.RegexOptions.NonBacktracking)]
    private static partial System.Text.RegularExpressions.Regex SeasonName();

    private sealed class Run(DateTimeOffset until, IProgress<ProgressUpdate> progress)
    {
        public DateTimeOffset Until { get; } = until;

        public IProgress<ProgressUpdate> Progress { get; } = progress;

        /// <summary>Sources that did not answer in this run.</summary>
        public HashSet<long> Away { get; } = [];

        public Dictionary<long, Source?> Sources { get; } = [];

        public int Kept { get; set; }

        public int Told { get; set; }
    }
}
