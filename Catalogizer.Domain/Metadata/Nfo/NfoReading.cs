using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata.Nfo;

/// <summary>
/// Reads the NFO files that lie beside media, through their source's pipeline. What they say stands above what names say and
/// below what a provider says; the ids in them bind a match.
/// </summary>
public sealed class NfoReading(
    INfoFiles files, IMatchStore store, Enricher enricher, SourceConnectors connectors, ICatalogReader reader, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, TimeProvider time, ILogger<NfoReading> logger)
{
    private const int Batch = 100;
    private static readonly DateTimeOffset Never = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _seen;

    /// <summary>Reads those that are new; at first, and when told so, also those that may have changed.</summary>
    /// <returns>How many were read.</returns>
    public async Task<int> RunAsync(bool all, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var last = await files.LastAsync(cancellation);
        var (after, read, away) = (all ? 0 : Volatile.Read(ref _seen), 0, new HashSet<long>());
        while (await files.NextAsync(after, Batch, cancellation) is { } places)
        {
            if (places.Count == 0)
            {
                Volatile.Write(ref _seen, last);
                break;
            }

            foreach (var place in places)
            {
                cancellation.ThrowIfCancellationRequested();
                read += !away.Contains(place.SourceId) && await OneAsync(place, away, cancellation) ? 1 : 0;
            }

            after = places[^1].FileId;
            progress.Report(new ProgressUpdate(null, FormattableString.Invariant($"{read:N0} NFO files read")));
        }

        if (read > 0)
        {
            events.Publish(new ItemsChanged());
        }

        return read;
    }

    private async Task<bool> OneAsync(NfoPlace place, HashSet<long> away, CancellationToken cancellation)
    {
        if (place.Size is 0 or > NfoContent.MostBytes || await ItemOfAsync(place, cancellation) is not { } detail)
        {
            return false;
        }

        if ((place.IsOfSeries || place.IsOfFilm) && await KnownAsync(detail.Item.Id, cancellation) is { } known
            && (known == place.Stamp || (place.IsOfFilm && known.Split(':')[0] != place.Stamp.Split(':')[0] && await files.IsPresentAsync(known, cancellation))))
        {
            return false;   // known, or one that has a copy's own name, which goes before
        }

        try
        {
            var content = NfoContent.Of(await BytesAsync(place, cancellation));
            await TakeAsync(place, detail, Fits(content, detail.Item.Kind) ? content : null, content is { IsBroken: true }, cancellation);
            return content is not null;
        }
        catch (SourceException fault)
        {
            logger.LogInformation("An NFO file waits: {Why}", fault.Message);
            if (fault.Kind is SourceErrorKind.Unreachable or SourceErrorKind.TimedOut || fault.IsSourceWide)
            {
                away.Add(place.SourceId);
            }

            return false;
        }
    }

    private async Task<MediaDetail?> ItemOfAsync(NfoPlace place, CancellationToken cancellation)
    {
        var id = place.IsOfSeries ? await files.SeriesInAsync(place.SourceId, place.Folder, cancellation)
            : place.IsOfFilm ? await files.FilmInAsync(place.SourceId, place.Folder, cancellation)
            : place.ItemId;
        return id is null ? null : await reader.GetAsync(id.Value, cancellation);
    }

    private async Task<byte[]> BytesAsync(NfoPlace place, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var source = await db.Sources.AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == place.SourceId, cancellation)
            ?? throw new SourceException(SourceErrorKind.NotFound, "The source was removed.") { IsSourceWide = true };
        await using var connector = connectors.Connect(source);
        await using var content = await connector.OpenAsync(place.Path, cancellation);

        // What it grew to since it was listed is not read.
        var bytes = new byte[(int)place.Size];
        return bytes[..await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation)];
    }

    private async Task TakeAsync(NfoPlace place, MediaDetail detail, NfoContent? content, bool isBroken, CancellationToken cancellation)
    {
        var told = new DetailedMetadata(
            NfoLayer.Name, place.Stamp, content?.Title ?? "", content?.OriginalTitle, content?.Year, content?.Plot, content?.Rating, content?.Genres ?? [], [], null,
            content?.Ids ?? new Dictionary<string, string>(), time.GetUtcNow(), false) { IsBroken = isBroken };
        await store.ApplyNfoAsync(detail.Item.Id, told, Never, cancellation);
        if (told.Ids.Count > 0)
        {
            await enricher.BindAsync(detail, told.Ids, cancellation);
        }
    }

    private async Task<string?> KnownAsync(long itemId, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.ExternalMetadata.AsNoTracking().Where(e => e.ItemId == itemId && e.Provider == NfoLayer.Name).Select(e => e.ExternalId).SingleOrDefaultAsync(cancellation);
    }

    private static bool Fits(NfoContent? content, MediaKind kind) => (content?.Kind, kind) switch
    {
        (NfoKind.Film or NfoKind.Text, MediaKind.Film) => true,
        (NfoKind.Series, MediaKind.Series) => true,
        (NfoKind.Episode, MediaKind.Episode) => true,
        _ => false,
    };
}

/// <summary>Where what an NFO file says is kept: beside the records of providers.</summary>
public static class NfoLayer
{
    public const string Name = "nfo";
}
