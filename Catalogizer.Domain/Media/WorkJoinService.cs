using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Search;

namespace Catalogizer.Domain.Media;

/// <summary>Lets people say that two works are one, or that a copy is of another work. Sources are not needed: only the catalogue changes.</summary>
public sealed class WorkJoinService(ICatalogueReader reader, MediaQueryRules rules, IWorkJoins joins, Redetection names, AuditLog audit, EventStreamer events)
{
    private const int LongestTitle = 500;

    /// <summary>Two works are one: the second one stays, with the copies, parts, edits and the pinned match of both; the first one's address leads to it.</summary>
    public async Task<Result<MediaDetail>> MergeAsync(Actor actor, long id, long into, CancellationToken cancellation)
    {
        actor.Demand(Permission.MediaEdit);
        if (await reader.GetAsync(id, cancellation) is not { } went)
        {
            return MediaErrors.NoSuchItem(id);
        }

        if (await reader.GetAsync(into, cancellation) is not { } stays)
        {
            return MediaErrors.NoSuchItem(into);
        }

        var told = audit.Entry(actor, "media.merge", Target(stays.Item.Id), Told(went.Item), Told(stays.Item));
        if (await joins.MergeAsync(went.Item.Id, stays.Item.Id, actor.Name, told, cancellation) is { } problem)
        {
            return problem;
        }

        events.Publish(new ItemsChanged());
        return (await reader.GetAsync(stays.Item.Id, cancellation))!;
    }

    /// <summary>A copy is of another work: of one that is there, or of one of its own.</summary>
    public async Task<Result<MediaDetail>> SplitAsync(Actor actor, long version, long? to, string? title, int? year, CancellationToken cancellation)
    {
        actor.Demand(Permission.MediaEdit);
        if (title is { Length: > LongestTitle })
        {
            return new InvalidError("title", "The title is too long.");
        }

        if (await rules.CheckYearAsync("year", year, cancellation) is { } wrong)
        {
            return wrong;
        }

        MediaSummary? target = null;
        if (to is { } wanted)
        {
            if (await reader.GetAsync(wanted, cancellation) is not { } there)
            {
                return MediaErrors.NoSuchItem(wanted);
            }

            (target, to) = (there.Item, there.Item.Id);
        }

        var place = await reader.PlaceOfVersionAsync(version, cancellation);
        var split = await joins.SplitAsync(version, to, string.IsNullOrWhiteSpace(title) ? null : title.Trim(), year, actor.Name, Told, cancellation);
        if (!split.IsOk)
        {
            return split.Error!;
        }

        events.Publish(new ItemsChanged());
        return (await reader.GetAsync(split.Value, cancellation))!;

        AuditEntry Told(long item) => audit.Entry(
            actor, "media.split", string.Create(CultureInfo.InvariantCulture, $"version:{version}"), new { place?.Path }, new { Id = item, Title = target?.Title ?? title, Year = target?.Year ?? year });
    }

    /// <summary>Takes a decision back; names say again what belongs where.</summary>
    public async Task<Result<MediaDetail>> UndoAsync(Actor actor, long join, CancellationToken cancellation)
    {
        actor.Demand(Permission.MediaEdit);
        var undone = await joins.UndoAsync(join, done => audit.Entry(actor, "media.undo-join", Target(done.Item), new { Join = join, Item = done.Was }), cancellation);
        if (!undone.IsOk)
        {
            return undone.Error!;
        }

        var (item, was, folders, versions, items) = undone.Value;
        await names.RegroupAsync(folders, versions, CancellationToken.None);
        await joins.TidyAsync(items, CancellationToken.None);
        var now = await reader.GetAsync(item, cancellation) ?? await reader.GetAsync(was, cancellation);
        events.Publish(new ItemsChanged());
        return now is null ? MediaErrors.NoSuchItem(item) : now;
    }

    /// <summary>What was decided about an item, the newest first.</summary>
    public async Task<Result<IReadOnlyList<WorkJoinView>>> OfAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Demand(Permission.MediaView);
        return await reader.GetAsync(id, cancellation) is { } detail
            ? new Result<IReadOnlyList<WorkJoinView>>(await joins.OfAsync(detail.Item.Id, cancellation))
            : MediaErrors.NoSuchItem(id);
    }

    private static string Target(long item) => string.Create(CultureInfo.InvariantCulture, $"item:{item}");

    private static object Told(MediaSummary item) => new { item.Id, item.Title, item.Year };
}
