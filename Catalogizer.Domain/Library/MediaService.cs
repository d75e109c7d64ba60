using System.Globalization;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Caching;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Library;

/// <summary>Reads and edits the catalogue for users and scripts.</summary>
public sealed class MediaService(
    ICatalogReader reader,
    IItemEditStore edits,
    MediaQueryValidator validator,
    SourceConnectors connectors,
    OfflineCache cache,
    IDbContextFactory<CatalogDbContext> contexts,
    AuditLog audit,
    EventStreamer events)
{
    /// <summary>All errors of a query; empty when it is valid.</summary>
    public Task<IReadOnlyList<InvalidError>> ValidateAsync(MediaQuery query, CancellationToken cancellation) => validator.ValidateAsync(query, cancellation);

    /// <summary>One page of items, with counts. A query with words also finds artists, episodes and tracks by their names.</summary>
    public async Task<Result<MediaPage>> PageAsync(Actor actor, MediaQuery query, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        if (await validator.ValidateAsync(query, cancellation) is [var error, ..])
        {
            return error;
        }

        var page = await reader.PageAsync(query, cancellation);
        return page with { Items = page.Items.RedactFor(actor) };
    }

    /// <summary>Rows at any depth of the query's order, at most 1000, for lists that scroll freely. An invalid query has no rows.</summary>
    public async Task<IReadOnlyList<MediaSummary>> WindowAsync(Actor actor, MediaQuery query, int start, int count, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        return (await validator.ValidateAsync(query, cancellation)).Count > 0 ? [] : (await reader.WindowAsync(query, Math.Max(0, start), Math.Clamp(count, 0, 1000), cancellation)).RedactFor(actor);
    }

    /// <summary>The same for a user who sees the anchor in its row: items added before it meanwhile move nothing.</summary>
    public async Task<MediaWindow> WindowAsync(Actor actor, MediaQuery query, int start, int count, WindowAnchor anchor, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        if ((await validator.ValidateAsync(query, cancellation)).Count > 0)
        {
            return new MediaWindow([], 0);
        }

        var window = await reader.WindowAsync(query, Math.Max(0, start), Math.Clamp(count, 0, 1000), anchor, cancellation);
        return window with { Items = window.Items.RedactFor(actor) };
    }

    /// <summary>The best few results for words being typed, 50 at most.</summary>
    public async Task<IReadOnlyList<MediaSummary>> SuggestAsync(Actor actor, string typed, int limit, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        return typed.Length > MediaQueryValidator.MaxQueryLength ? [] : (await reader.SuggestAsync(typed, Math.Clamp(limit, 1, 50), cancellation)).RedactFor(actor);
    }

    public async Task<Result<MediaDetail>> GetAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        return await reader.GetAsync(id, cancellation) is { } detail ? detail with { Item = detail.Item.RedactFor(actor) } : MediaErrors.NoSuchItem(id);
    }

    public Task<Result<IReadOnlyList<MediaVersion>>> VersionsAsync(Actor actor, long id, CancellationToken cancellation) =>
        ReadPartAsync(actor, id, async (item, token) => (await reader.VersionsAsync(item, token)).RedactFor(actor), cancellation);

    public Task<Result<IReadOnlyList<MediaSummary>>> ChildrenAsync(Actor actor, long id, CancellationToken cancellation) =>
        ReadPartAsync(actor, id, async (item, token) => (await reader.ChildrenAsync(item, token)).RedactFor(actor), cancellation);

    public Task<Result<IReadOnlyList<MediaEvent>>> HistoryAsync(Actor actor, long id, CancellationToken cancellation) =>
        ReadPartAsync(actor, id, reader.HistoryAsync, cancellation);

    /// <summary>Saves or resets a user's edits of an item; a metadata refresh never overwrites them.</summary>
    public async Task<Result<MediaDetail>> EditAsync(Actor actor, long id, MediaEdits change, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        if (await validator.ValidateAsync(change, cancellation) is { } error)
        {
            return error;
        }

        var before = await reader.GetAsync(id, cancellation);
        if (before is null)
        {
            return MediaErrors.NoSuchItem(id);
        }

        id = before.Item.Id;
        AuditEntry CreateAuditEntry(EditableValues oldValues, EditableValues newValues) => audit.CreateEntry(actor, "media.edit", string.Create(CultureInfo.InvariantCulture, $"item:{id}"), oldValues, newValues);
        if (!await edits.ApplyAsync(id, change, actor.UserId, CreateAuditEntry, cancellation))
        {
            return MediaErrors.NoSuchItem(id);
        }

        events.Publish(new ItemsChanged(id));
        return (await reader.GetAsync(id, cancellation))!;
    }

    /// <summary>Opens a version's first file, straight from its source; while that is offline, its cached beginning. The stream is seekable.</summary>
    /// <exception cref="SourceException">The source or the file could not be read.</exception>
    public async Task<Result<VersionStream>> OpenAsync(Actor actor, long versionId, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        if (await reader.FileLocationAsync(versionId, cancellation) is not { } location)
        {
            return MediaErrors.NoSuchVersion(versionId);
        }

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Sources.AsNoTracking().Include(s => s.Smb).SingleOrDefaultAsync(s => s.Id == location.SourceId, cancellation) is not { } source)
        {
            return MediaErrors.NoSuchVersion(versionId);
        }

        if (source.Availability == SourceAvailability.Retired)
        {
            return SourceErrors.Archived(source.Name);
        }

        var connector = connectors.Connect(source);
        try
        {
            var content = await Task.Run(async () => await connector.OpenAsync(location.Path, cancellation), cancellation);
            return new VersionStream(WithHeadCaching(content, location), GetFileName(location), connector, null);
        }
        catch (SourceException exception)
        {
            var outage = await FindOutageAsync(connector, exception, cancellation);
            if (outage is null || await cache.FindAsync(FileHead.CreateKey(location.FileId, location.Size, location.ModifiedAt), cancellation) is not { } head)
            {
                await connector.DisposeAsync();
                throw outage ?? exception;
            }

            return new VersionStream(new CachedHeadStream(head.Bytes, location.Size, outage), GetFileName(location), connector, new CachedBeginning(head.Bytes.Length, head.AsOf, outage));
        }
        catch
        {
            await connector.DisposeAsync();
            throw;
        }
    }

    public async Task<MediaStatistics> StatisticsAsync(Actor actor, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        return await reader.StatisticsAsync(cancellation);
    }

    /// <summary>The source's outage if that is why a file cannot be read, else null. If the whole source is gone, its files are not found either.</summary>
    private static async Task<SourceException?> FindOutageAsync(ISourceConnector connector, SourceException exception, CancellationToken cancellation)
    {
        if (exception.Kind != SourceErrorKind.NotFound)
        {
            return exception.Kind is SourceErrorKind.Unreachable or SourceErrorKind.TimedOut ? exception : null;
        }

        try
        {
            await Task.Run(async () => await connector.GetModifiedAtAsync("", cancellation), cancellation);
            return null;
        }
        catch (SourceException rootException)
        {
            return rootException.Kind == SourceErrorKind.NotFound ? new SourceException(SourceErrorKind.Unreachable, rootException.Message, rootException) : rootException;
        }
    }

    private static string GetFileName(FileLocation location) => location.Path[(location.Path.LastIndexOf('/') + 1)..];

    /// <summary>A file whose size changed since it was catalogued is another one, and is not cached under the key of this one.</summary>
    private Stream WithHeadCaching(Stream content, FileLocation location) => content.Length != location.Size
        ? content
        : new HeadCachingStream(content, head => cache.CacheAsync(FileHead.CreateKey(location.FileId, location.Size, location.ModifiedAt), location.SourceId, head, CancellationToken.None));

    private async Task<Result<IReadOnlyList<T>>> ReadPartAsync<T>(
        Actor actor, long id, Func<long, CancellationToken, Task<IReadOnlyList<T>>> read, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        return await reader.GetAsync(id, cancellation) is { } detail
            ? new Result<IReadOnlyList<T>>(await read(detail.Item.Id, cancellation))
            : MediaErrors.NoSuchItem(id);
    }
}

/// <summary>A version's content, to be disposed of by the caller.</summary>
/// <param name="Cached">The part that is cached while the source is offline; null when the content comes from the source.</param>
public sealed record VersionStream(Stream Content, string Name, IAsyncDisposable Connection, CachedBeginning? Cached);

/// <summary>The cached beginning of a file whose source is offline.</summary>
/// <param name="AsOf">When it was read.</param>
/// <param name="Exception">Why the rest is not available.</param>
public sealed record CachedBeginning(long Bytes, DateTimeOffset AsOf, SourceException Exception);

internal static class MediaErrors
{
    public static NotFoundError NoSuchItem(long id) => new(string.Create(CultureInfo.InvariantCulture, $"There is no item {id}."));

    public static NotFoundError NoSuchVersion(long id) => new(string.Create(CultureInfo.InvariantCulture, $"There is no version {id}."));
}
