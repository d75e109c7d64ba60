using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata.Nfo;

/// <summary>
/// Reads the NFO files beside media, through their source's pipeline. Their values have priority over detected ones, but not over
/// a provider's; their ids determine the match.
/// </summary>
public sealed class NfoReader(
    INfoFileStore files, IMatchStore store, Enricher enricher, SourceConnectors connectors, ICatalogReader reader, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events, TimeProvider time, ILogger<NfoReader> logger)
{
    private const int BatchSize = 100;
    private static readonly DateTimeOffset NeverExpires = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _lastFileId;

    /// <summary>Reads new NFO files; the first time, and with <paramref name="all"/>, also those that may have changed.</summary>
    /// <returns>The number of files that were read.</returns>
    public async Task<int> RunAsync(bool all, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var last = await files.LastFileIdAsync(cancellation);
        var (after, read, unreachableSources) = (all ? 0 : Volatile.Read(ref _lastFileId), 0, new HashSet<long>());
        while (await files.NextAsync(after, BatchSize, cancellation) is { } batch)
        {
            if (batch.Count == 0)
            {
                Volatile.Write(ref _lastFileId, last);
                break;
            }

            foreach (var file in batch)
            {
                cancellation.ThrowIfCancellationRequested();
                read += !unreachableSources.Contains(file.SourceId) && await ReadFileAsync(file, unreachableSources, cancellation) ? 1 : 0;
            }

            after = batch[^1].FileId;
            progress.Report(new ProgressUpdate(null, FormattableString.Invariant($"{read:N0} NFO files read")));
        }

        if (read > 0)
        {
            events.Publish(new ItemsChanged());
        }

        return read;
    }

    private async Task<bool> ReadFileAsync(NfoFile file, HashSet<long> unreachableSources, CancellationToken cancellation)
    {
        if (file.Size is 0 or > NfoContent.MaxBytes || await FindItemAsync(file, cancellation) is not { } detail)
        {
            return false;
        }

        if ((file.IsSeriesNfo || file.IsFilmNfo) && await FindStampAsync(detail.Item.Id, cancellation) is { } known
            && (known == file.Stamp || (file.IsFilmNfo && known.Split(':')[0] != file.Stamp.Split(':')[0] && await files.IsPresentAsync(known, cancellation))))
        {
            return false;   // read before, or a version's own NFO file takes precedence
        }

        try
        {
            var content = NfoContent.Parse(await ReadBytesAsync(file, cancellation));
            await ApplyAsync(file, detail, IsApplicable(content, detail.Item.Kind) ? content : null, content is { IsBroken: true }, cancellation);
            return content is not null;
        }
        catch (SourceException exception)
        {
            logger.LogInformation("An NFO file waits: {Why}", exception.Message);
            if (exception.Kind is SourceErrorKind.Unreachable or SourceErrorKind.TimedOut || exception.IsSourceWide)
            {
                unreachableSources.Add(file.SourceId);
            }

            return false;
        }
    }

    private async Task<MediaDetail?> FindItemAsync(NfoFile file, CancellationToken cancellation)
    {
        var id = file.IsSeriesNfo ? await files.FindSeriesAsync(file.SourceId, file.Folder, cancellation)
            : file.IsFilmNfo ? await files.FindFilmAsync(file.SourceId, file.Folder, cancellation)
            : file.ItemId;
        return id is null ? null : await reader.GetAsync(id.Value, cancellation);
    }

    private async Task<byte[]> ReadBytesAsync(NfoFile file, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var source = await db.Sources.AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == file.SourceId, cancellation)
            ?? throw new SourceException(SourceErrorKind.NotFound, "The source was removed.") { IsSourceWide = true };
        await using var connector = connectors.Connect(source);
        await using var content = await connector.OpenAsync(file.Path, cancellation);

        // Bytes that were added since the file was listed are not read.
        var bytes = new byte[(int)file.Size];
        return bytes[..await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation)];
    }

    private async Task ApplyAsync(NfoFile file, MediaDetail detail, NfoContent? content, bool isBroken, CancellationToken cancellation)
    {
        var metadata = new DetailedMetadata(
            NfoLayer.Name, file.Stamp, content?.Title ?? "", content?.OriginalTitle, content?.Year, content?.Plot, content?.Rating, content?.Genres ?? [], [], null,
            content?.Ids ?? new Dictionary<string, string>(), time.GetUtcNow(), false) { IsBroken = isBroken };
        await store.ApplyNfoAsync(detail.Item.Id, metadata, NeverExpires, cancellation);
        if (metadata.Ids.Count > 0)
        {
            await enricher.MatchByIdsAsync(detail, metadata.Ids, cancellation);
        }
    }

    private async Task<string?> FindStampAsync(long itemId, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.ExternalMetadata.AsNoTracking().Where(e => e.ItemId == itemId && e.Provider == NfoLayer.Name).Select(e => e.ExternalId).SingleOrDefaultAsync(cancellation);
    }

    private static bool IsApplicable(NfoContent? content, MediaKind kind) => (content?.Kind, kind) switch
    {
        (NfoKind.Film or NfoKind.Text, MediaKind.Film) => true,
        (NfoKind.Series, MediaKind.Series) => true,
        (NfoKind.Episode, MediaKind.Episode) => true,
        _ => false,
    };
}

/// <summary>Name under which values of NFO files are stored, in the place of a provider's name.</summary>
public static class NfoLayer
{
    public const string Name = "nfo";
}
