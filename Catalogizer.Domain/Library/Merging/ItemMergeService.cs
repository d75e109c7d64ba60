using System.Globalization;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning.Redetecting;

namespace Catalogizer.Domain.Library.Merging;

/// <summary>Merges two items, or moves a version to another item. Only the catalogue changes, so sources may be offline.</summary>
public sealed class ItemMergeService(ICatalogReader reader, MediaQueryValidator validator, IItemMergeStore merges, Redetection redetection, AuditLog audit, EventStreamer events)
{
    private const int MaxTitleLength = 500;

    /// <summary>Merges two items: the second one stays, with the versions, parts, edits and the pinned match of both; the first one's id leads to it.</summary>
    public async Task<Result<MediaDetail>> MergeAsync(Actor actor, long id, long into, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        if (await reader.GetAsync(id, cancellation) is not { } merged)
        {
            return MediaErrors.NoSuchItem(id);
        }

        if (await reader.GetAsync(into, cancellation) is not { } target)
        {
            return MediaErrors.NoSuchItem(into);
        }

        var auditEntry = audit.CreateEntry(actor, "media.merge", AuditTarget(target.Item.Id), ToAuditValues(merged.Item), ToAuditValues(target.Item));
        if (await merges.MergeAsync(merged.Item.Id, target.Item.Id, actor.Name, auditEntry, cancellation) is { } problem)
        {
            return problem;
        }

        events.Publish(new ItemsChanged());
        return (await reader.GetAsync(target.Item.Id, cancellation))!;
    }

    /// <summary>Moves a version to an existing item, or to a new one.</summary>
    public async Task<Result<MediaDetail>> SplitAsync(Actor actor, long version, long? to, string? title, int? year, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        if (title is { Length: > MaxTitleLength })
        {
            return new InvalidError("title", "The title is too long.");
        }

        if (await validator.ValidateYearAsync("year", year, cancellation) is { } error)
        {
            return error;
        }

        MediaSummary? target = null;
        if (to is { } targetId)
        {
            if (await reader.GetAsync(targetId, cancellation) is not { } found)
            {
                return MediaErrors.NoSuchItem(targetId);
            }

            (target, to) = (found.Item, found.Item.Id);
        }

        var location = await reader.FileLocationAsync(version, cancellation);
        var split = await merges.SplitAsync(version, to, string.IsNullOrWhiteSpace(title) ? null : title.Trim(), year, actor.Name, CreateAuditEntry, cancellation);
        if (!split.IsOk)
        {
            return split.Error!;
        }

        events.Publish(new ItemsChanged());
        return (await reader.GetAsync(split.Value, cancellation))!;

        AuditEntry CreateAuditEntry(long item) => audit.CreateEntry(
            actor, "media.split", string.Create(CultureInfo.InvariantCulture, $"version:{version}"), new { location?.Path }, new { Id = item, Title = target?.Title ?? title, Year = target?.Year ?? year });
    }

    /// <summary>Undoes a decision; names determine again what belongs where.</summary>
    public async Task<Result<MediaDetail>> UndoAsync(Actor actor, long mergeId, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        var undone = await merges.UndoAsync(mergeId, done => audit.CreateEntry(actor, "media.undo-join", AuditTarget(done.Item), new { Join = mergeId, Item = done.PreviousItem }), cancellation);
        if (!undone.IsOk)
        {
            return undone.Error!;
        }

        var (item, previousItem, folders, versions, items) = undone.Value;
        await redetection.RegroupAsync(folders, versions, CancellationToken.None);
        await merges.RecountAsync(items, CancellationToken.None);
        var detail = await reader.GetAsync(item, cancellation) ?? await reader.GetAsync(previousItem, cancellation);
        events.Publish(new ItemsChanged());
        return detail is null ? MediaErrors.NoSuchItem(item) : detail;
    }

    /// <summary>Decisions about an item, the newest first.</summary>
    public async Task<Result<IReadOnlyList<ItemMergeView>>> ForItemAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        return await reader.GetAsync(id, cancellation) is { } detail
            ? new Result<IReadOnlyList<ItemMergeView>>(await merges.ForItemAsync(detail.Item.Id, cancellation))
            : MediaErrors.NoSuchItem(id);
    }

    private static string AuditTarget(long item) => string.Create(CultureInfo.InvariantCulture, $"item:{item}");

    private static object ToAuditValues(MediaSummary item) => new { item.Id, item.Title, item.Year };
}
