using System.Globalization;
using System.Text.Json;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata.Nfo;
using Catalogizer.Domain.Metadata.Pictures;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Metadata;

/// <summary>What the world knows of the works, on behalf of people: matches, refreshes, and the doubtful ones to decide.</summary>
public sealed class MetadataService(
    ProviderManager providers, Enricher enricher, ICatalogReader reader, IDbContextFactory<CatalogDbContext> contexts, AuditLog audit, EventStreamer events)
{
    /// <summary>What an item is tied to and where its values come from.</summary>
    public async Task<Result<ItemKnowledge>> KnownAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        if (await reader.GetAsync(id, cancellation) is not { } detail)
        {
            return MediaErrors.NoSuchItem(id);
        }

        id = detail.Item.Id;

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var match = await db.Matches.AsNoTracking().SingleOrDefaultAsync(m => m.ItemId == id, cancellation);
        var record = match?.Provider is null ? null : await db.ExternalMetadata.AsNoTracking().SingleOrDefaultAsync(e => e.ItemId == id && e.Provider == match.Provider, cancellation);
        var details = record is null ? null : JsonSerializer.Deserialize<DetailedMetadata>(record.Payload);
        var own = await db.ExternalMetadata.AsNoTracking().Where(e => e.ItemId == id && (e.Provider == NfoLayer.Name || e.Provider == TagLayer.Name)).OrderBy(e => e.Provider).Select(e => e.Payload).FirstOrDefaultAsync(cancellation);
        var picture = await db.ItemArtworks.AsNoTracking().Where(p => p.ItemId == id && p.Address != null).OrderByDescending(p => p.Layer).Select(p => (PictureLayer?)p.Layer).FirstOrDefaultAsync(cancellation);
        var ownRecord = own is null ? null : JsonSerializer.Deserialize<DetailedMetadata>(own);
        var layers = Layers(detail, match, details, ownRecord, picture);
        IReadOnlyList<ProviderProfile> credits = match?.State is MatchState.Automatic or MatchState.Pinned
            ? [.. new[] { match.Provider }.Concat(details?.Lent.Values ?? []).Distinct().Select(name => providers.Find(name)?.Profile).OfType<ProviderProfile>()]
            : [];
        return new ItemKnowledge(match, providers.Find(match?.Provider)?.Profile, details, layers, ConditionsOf(detail.Item.Kind), credits, ownRecord is { IsBroken: true });
    }

    /// <summary>Ties an item to a record for good, whatever a refresh finds.</summary>
    public async Task<Result<MediaDetail>> MatchAsync(Actor actor, long id, string? provider, string? externalId, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        if (await reader.GetAsync(id, cancellation) is not { } detail)
        {
            return MediaErrors.NoSuchItem(id);
        }

        id = detail.Item.Id;

        if (string.IsNullOrWhiteSpace(externalId) || externalId.Length > 100)
        {
            return new InvalidError("externalId", "Give the id that the provider has for this work.");
        }

        if (providers.Find(provider) is not { } asked)
        {
            return new InvalidError("provider", $"Choose one of: {string.Join(", ", providers.All.Select(p => p.Profile.Name))}.");
        }

        if (!asked.Standing.IsOn)
        {
            return new InvalidError("provider", $"{asked.Profile.Title} is not on. An admin turns it on under Providers.");
        }

        if (!asked.Covers(detail.Item.Kind))
        {
            return new InvalidError("provider", $"{asked.Profile.Title} knows no works of this kind.");
        }

        var told = audit.CreateEntry(actor, "media.match", Target(id), null, new { provider = asked.Profile.Name, externalId });
        return await ChangedAsync(id, async () =>
            await enricher.PinAsync(detail, asked, externalId.Trim(), told, cancellation) ? null : new InvalidError("externalId", $"{asked.Profile.Title} has nothing of that id."), cancellation);
    }

    /// <summary>What a provider finds under a title that a person gives, judged against it.</summary>
    public async Task<Result<IReadOnlyList<Candidate>>> SearchAsync(Actor actor, long id, string? provider, string? title, int? year, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        if (await reader.GetAsync(id, cancellation) is not { } detail)
        {
            return MediaErrors.NoSuchItem(id);
        }

        id = detail.Item.Id;

        if (string.IsNullOrWhiteSpace(title) || title.Length > 255)
        {
            return new InvalidError("title", "Give the title to look for.");
        }

        if (providers.For(detail.Item.Kind).FirstOrDefault(p => p.Profile.Name == provider) is not { } asked)
        {
            return new NobodyToAsk();
        }

        var work = new WorkQuery(detail.Item.Kind, title.Trim(), year, detail.Ancestors.FirstOrDefault(a => a.Kind == MediaKind.Artist)?.Title, new Dictionary<string, string>());
        try
        {
            return new Result<IReadOnlyList<Candidate>>(Matching.Rank(work, await asked.SearchAsync(work, cancellation)));
        }
        catch (ProviderFault fault)
        {
            return new ProviderAway(fault.Message);
        }
    }

    /// <summary>The providers that are on and know works of a kind, in the order they are asked.</summary>
    public IReadOnlyList<ProviderProfile> Askable(Actor actor, MediaKind kind)
    {
        actor.Require(Permission.MediaView);
        return [.. providers.For(kind).Select(p => p.Profile)];
    }

    /// <summary>Asks the provider again; edits and a chosen match stay.</summary>
    public async Task<Result<Refreshed>> RefreshAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        if (await reader.GetAsync(id, cancellation) is not { } detail)
        {
            return MediaErrors.NoSuchItem(id);
        }

        id = detail.Item.Id;

        if (!providers.For(detail.Item.Kind).Any())
        {
            return new NobodyToAsk();
        }

        await audit.AppendAsync(actor, "media.refresh", Target(id), null, null, cancellation);
        string? kept = null;
        var changed = await ChangedAsync(id, async () =>
        {
            kept = await enricher.RefreshAsync(detail, cancellation);
            return null;
        }, cancellation);
        return changed.Error is { } error ? error : new Refreshed(changed.Value, kept);
    }

    /// <summary>No match for this item, now and later, until somebody chooses one.</summary>
    public async Task<Result<MediaDetail>> LeaveAloneAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        if (await reader.GetAsync(id, cancellation) is not { } detail)
        {
            return MediaErrors.NoSuchItem(id);
        }

        id = detail.Item.Id;

        return await ChangedAsync(id, async () =>
        {
            await enricher.LeaveAloneAsync(detail, audit.CreateEntry(actor, "media.leaveAlone", Target(id)), cancellation);
            return null;
        }, cancellation);
    }

    /// <summary>Items whose match a person should decide, and how many there are.</summary>
    public async Task<(IReadOnlyList<Doubt> Doubts, int Total)> ReviewAsync(Actor actor, int count, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var doubtful = db.Matches.AsNoTracking().Where(m => m.State == MatchState.Doubtful && db.CountedItems.Any(i => i.Id == m.ItemId));
        var rows = await doubtful.OrderByDescending(m => m.Confidence).ThenBy(m => m.ItemId).Take(Math.Clamp(count, 1, 200)).ToListAsync(cancellation);
        var doubts = new List<Doubt>();
        foreach (var row in rows)
        {
            if (await reader.GetAsync(row.ItemId, cancellation) is { } detail)
            {
                doubts.Add(new Doubt(detail.Item, row.Ranked()));
            }
        }

        return (doubts, await doubtful.CountAsync(cancellation));
    }

    /// <summary>Items whose NFO file is broken.</summary>
    public async Task<IReadOnlyList<MediaSummary>> BrokenNfoAsync(Actor actor, int count, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var broken = await db.ExternalMetadata.AsNoTracking().Where(e => e.Provider == NfoLayer.Name && e.Payload.Contains("\"IsBroken\":true"))
            .OrderBy(e => e.ItemId).Select(e => e.ItemId).Take(Math.Clamp(count, 1, 200)).ToListAsync(cancellation);
        var items = new List<MediaSummary>();
        foreach (var id in broken)
        {
            if (await reader.GetAsync(id, cancellation) is { } detail)
            {
                items.Add(detail.Item);
            }
        }

        return items;
    }

    private async Task<Result<MediaDetail>> ChangedAsync(long id, Func<Task<Error?>> change, CancellationToken cancellation)
    {
        try
        {
            if (await change() is { } error)
            {
                return error;
            }
        }
        catch (ProviderFault fault)
        {
            return new ProviderAway(fault.Message);
        }

        events.Publish(new ItemsChanged(id));
        return (await reader.GetAsync(id, cancellation))!;
    }

    /// <summary>The providers that know works of a kind, in the order they are asked, on or not.</summary>
    private IReadOnlyList<ProviderCondition> ConditionsOf(MediaKind kind) =>
    [
        .. from order in providers.Orders
           where order.Kind == kind
           from provider in order.Providers
           let standing = provider.Standing
           select new ProviderCondition(provider.Profile.Name, standing.IsOn, standing.Trouble(provider.Profile.Title)),
    ];

    private static string Target(long id) => string.Create(CultureInfo.InvariantCulture, $"item:{id}");

    private IReadOnlyList<ValueLayer> Layers(MediaDetail detail, MatchRow? match, DetailedMetadata? details, DetailedMetadata? own, PictureLayer? picture)
    {
        var tied = match?.State is MatchState.Automatic or MatchState.Pinned ? details : null;
        var provided = match?.State == MatchState.Pinned ? ValueOrigin.PinnedMatch : ValueOrigin.Provider;
        ValueLayer? Of(string field, bool isThere, bool isProvided, bool isOwn)
        {
            if (detail.Edits.Contains(field) || !isThere)
            {
                return isThere || detail.Edits.Contains(field) ? new ValueLayer(field, ValueOrigin.Edit) : null;
            }

            var from = tied?.Lent.TryGetValue(field, out var lender) == true ? lender : match?.Provider;
            return isProvided ? new ValueLayer(field, provided, providers.Find(from)?.Profile.Title) : new ValueLayer(field, !isOwn ? ValueOrigin.Name : own?.Provider == TagLayer.Name ? ValueOrigin.Tags : ValueOrigin.Nfo);
        }

        ValueLayer? OfPicture() => picture switch
        {
            null => null,
            PictureLayer.Provider => new ValueLayer("poster", provided, providers.Find(tied?.Lent.GetValueOrDefault("poster") ?? match?.Provider)?.Profile.Title),
            PictureLayer.Frame or PictureLayer.Within => new ValueLayer("poster", ValueOrigin.File),
            _ => new ValueLayer("poster", ValueOrigin.Folder),
        };

        return
        [
            .. new[]
            {
                Of("title", true, tied is not null, own is { Title.Length: > 0 }),
                Of("year", detail.Item.Year is not null, tied?.Year is not null, own?.Year is not null),
                Of("description", detail.Item.Description is not null, own?.Description is null || tied?.Description is not null, true),
                Of("rating", detail.Item.Rating is not null, own?.Rating is null || tied?.Rating is not null, true),
                OfPicture(),
            }.OfType<ValueLayer>(),
        ];
    }
}

/// <summary>Where a value comes from; an earlier one lies above a later one.</summary>
public enum ValueOrigin
{
    Edit,
    PinnedMatch,
    Provider,
    Nfo,

    /// <summary>What the file says of itself.</summary>
    Tags,
    Name,

    /// <summary>A picture that is kept in the file, or that it shows.</summary>
    File,

    /// <summary>A picture that lies beside the file.</summary>
    Folder,
}

/// <summary>A field by its API name, and where its value comes from.</summary>
/// <param name="Provider">The title of the provider that has it; null where none has.</param>
public sealed record ValueLayer(string Field, ValueOrigin Origin, string? Provider = null);

/// <summary>What is known of an item from outside.</summary>
/// <param name="Providers">Those that know works of its kind.</param>
/// <param name="Credits">Every provider of whose words something is shown.</param>
/// <param name="HasBrokenNfo">Whether its NFO file breaks off.</param>
public sealed record ItemKnowledge(
    MatchRow? Match, ProviderProfile? Provider, DetailedMetadata? Details, IReadOnlyList<ValueLayer> Layers, IReadOnlyList<ProviderCondition> Providers, IReadOnlyList<ProviderProfile> Credits, bool HasBrokenNfo)
{
    /// <summary>Whether a provider is on that knows works of its kind.</summary>
    public bool CanAsk => Providers.Any(p => p.IsOn);
}

/// <summary>Whether a provider can be asked.</summary>
/// <param name="Trouble">Why it cannot, in a sentence; null when it answers.</param>
public sealed record ProviderCondition(string Name, bool IsOn, string? Trouble);

/// <summary>What became of asking again.</summary>
/// <param name="Kept">Why everything stays as it was; null when the providers answered.</param>
public sealed record Refreshed(MediaDetail Detail, string? Kept);

/// <summary>An item with candidates that a person should choose from.</summary>
public sealed record Doubt(MediaSummary Item, IReadOnlyList<Candidate> Candidates);
