using System.Globalization;
using System.Text.Json;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Metadata.Nfo;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Metadata;

/// <summary>Metadata of items on behalf of users: matches, refreshes, and uncertain matches that need a decision.</summary>
public sealed class MetadataService(
    ProviderManager providers, Enricher enricher, ICatalogReader reader, IDbContextFactory<CatalogDbContext> contexts, AuditLog audit, EventStreamer events)
{
    /// <summary>The match of an item and where its values come from.</summary>
    public async Task<Result<ItemMetadata>> GetAsync(Actor actor, long id, CancellationToken cancellation)
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
        var localPayload = await db.ExternalMetadata.AsNoTracking().Where(e => e.ItemId == id && (e.Provider == NfoLayer.Name || e.Provider == TagLayer.Name)).OrderBy(e => e.Provider).Select(e => e.Payload).FirstOrDefaultAsync(cancellation);
        var posterOrigin = await db.ItemArtworks.AsNoTracking().Where(p => p.ItemId == id && p.Address != null).OrderByDescending(p => p.Layer).Select(p => (ArtworkOrigin?)p.Layer).FirstOrDefaultAsync(cancellation);
        var localMetadata = localPayload is null ? null : JsonSerializer.Deserialize<DetailedMetadata>(localPayload);
        var layers = BuildLayers(detail, match, details, localMetadata, posterOrigin);
        IReadOnlyList<ProviderProfile> credits = match?.State is MatchState.Automatic or MatchState.Pinned
            ? [.. new[] { match.Provider }.Concat(details?.FilledFrom.Values ?? []).Distinct().Select(name => providers.Find(name)?.Profile).OfType<ProviderProfile>()]
            : [];
        return new ItemMetadata(match, providers.Find(match?.Provider)?.Profile, details, layers, ListAvailability(detail.Item.Kind), credits, localMetadata is { IsBroken: true });
    }

    /// <summary>Matches an item with an entry permanently, whatever a refresh finds.</summary>
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

        if (providers.Find(provider) is not { } metadataProvider)
        {
            return new InvalidError("provider", $"Choose one of: {string.Join(", ", providers.All.Select(p => p.Profile.Name))}.");
        }

        if (!metadataProvider.Status.IsEnabled)
        {
            return new InvalidError("provider", $"{metadataProvider.Profile.Title} is not on. An admin turns it on under Providers.");
        }

        if (!metadataProvider.Supports(detail.Item.Kind))
        {
            return new InvalidError("provider", $"{metadataProvider.Profile.Title} knows no works of this kind.");
        }

        var auditEntry = audit.CreateEntry(actor, "media.match", FormatTarget(id), null, new { provider = metadataProvider.Profile.Name, externalId });
        return await ApplyChangeAsync(id, async () =>
            await enricher.PinAsync(detail, metadataProvider, externalId.Trim(), auditEntry, cancellation) ? null : new InvalidError("externalId", $"{metadataProvider.Profile.Title} has nothing of that id."), cancellation);
    }

    /// <summary>Searches a provider by a title that a user enters, and scores the results by that title.</summary>
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

        if (providers.For(detail.Item.Kind).FirstOrDefault(p => p.Profile.Name == provider) is not { } metadataProvider)
        {
            return new NoProviderEnabled();
        }

        var query = new MetadataQuery(detail.Item.Kind, title.Trim(), year, detail.Ancestors.FirstOrDefault(a => a.Kind == MediaKind.Artist)?.Title, new Dictionary<string, string>());
        try
        {
            return new Result<IReadOnlyList<Candidate>>(MatchScorer.Rank(query, await metadataProvider.SearchAsync(query, cancellation)));
        }
        catch (ProviderException exception)
        {
            return new ProviderUnavailable(exception.Message);
        }
    }

    /// <summary>The providers that are on and support a kind of item, in order of priority.</summary>
    public IReadOnlyList<ProviderProfile> EnabledProviders(Actor actor, MediaKind kind)
    {
        actor.Require(Permission.MediaView);
        return [.. providers.For(kind).Select(p => p.Profile)];
    }

    /// <summary>Fetches the metadata again; edits and a match chosen by a user stay.</summary>
    public async Task<Result<RefreshResult>> RefreshAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        if (await reader.GetAsync(id, cancellation) is not { } detail)
        {
            return MediaErrors.NoSuchItem(id);
        }

        id = detail.Item.Id;

        if (!providers.For(detail.Item.Kind).Any())
        {
            return new NoProviderEnabled();
        }

        await audit.AppendAsync(actor, "media.refresh", FormatTarget(id), null, null, cancellation);
        string? unchangedReason = null;
        var changed = await ApplyChangeAsync(id, async () =>
        {
            unchangedReason = await enricher.RefreshAsync(detail, cancellation);
            return null;
        }, cancellation);
        return changed.Error is { } error ? error : new RefreshResult(changed.Value, unchangedReason);
    }

    /// <summary>Removes the item's match and prevents another one until a user chooses it.</summary>
    public async Task<Result<MediaDetail>> DisableMatchAsync(Actor actor, long id, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        if (await reader.GetAsync(id, cancellation) is not { } detail)
        {
            return MediaErrors.NoSuchItem(id);
        }

        id = detail.Item.Id;

        return await ApplyChangeAsync(id, async () =>
        {
            await enricher.DisableMatchAsync(detail, audit.CreateEntry(actor, "media.leaveAlone", FormatTarget(id)), cancellation);
            return null;
        }, cancellation);
    }

    /// <summary>Items whose match a user should decide, and their total number.</summary>
    public async Task<(IReadOnlyList<UncertainMatch> Doubts, int Total)> ListUncertainAsync(Actor actor, int count, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaEdit);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var counted = db.CountedItems;
        var doubtful = db.Matches.AsNoTracking().Where(m => m.State == MatchState.Doubtful && counted.Any(i => i.Id == m.ItemId));
        var rows = await doubtful.OrderByDescending(m => m.Confidence).ThenBy(m => m.ItemId).Take(Math.Clamp(count, 1, 200)).ToListAsync(cancellation);
        var matches = new List<UncertainMatch>();
        foreach (var row in rows)
        {
            if (await reader.GetAsync(row.ItemId, cancellation) is { } detail)
            {
                matches.Add(new UncertainMatch(detail.Item, row.ParseCandidates()));
            }
        }

        return (matches, await doubtful.CountAsync(cancellation));
    }

    public async Task<IReadOnlyList<MediaSummary>> ListBrokenNfoAsync(Actor actor, int count, CancellationToken cancellation)
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

    private async Task<Result<MediaDetail>> ApplyChangeAsync(long id, Func<Task<Error?>> change, CancellationToken cancellation)
    {
        try
        {
            if (await change() is { } error)
            {
                return error;
            }
        }
        catch (ProviderException exception)
        {
            return new ProviderUnavailable(exception.Message);
        }

        events.Publish(new ItemsChanged(id));
        return (await reader.GetAsync(id, cancellation))!;
    }

    /// <summary>The providers that support a kind of item, in order of priority, on or off.</summary>
    private IReadOnlyList<ProviderAvailability> ListAvailability(MediaKind kind) =>
    [
        .. from order in providers.ProvidersByKind
           where order.Kind == kind
           from provider in order.Providers
           let status = provider.Status
           select new ProviderAvailability(provider.Profile.Name, status.IsEnabled, status.DescribeProblem(provider.Profile.Title)),
    ];

    private static string FormatTarget(long id) => string.Create(CultureInfo.InvariantCulture, $"item:{id}");

    private IReadOnlyList<ValueLayer> BuildLayers(MediaDetail detail, MatchRow? match, DetailedMetadata? details, DetailedMetadata? local, ArtworkOrigin? posterOrigin)
    {
        var matched = match?.State is MatchState.Automatic or MatchState.Pinned ? details : null;
        var provided = match?.State == MatchState.Pinned ? ValueOrigin.PinnedMatch : ValueOrigin.Provider;
        ValueLayer? CreateLayer(string field, bool hasValue, bool isProvided, bool isLocal)
        {
            if (detail.Edits.Contains(field) || !hasValue)
            {
                return hasValue || detail.Edits.Contains(field) ? new ValueLayer(field, ValueOrigin.Edit) : null;
            }

            var from = matched?.FilledFrom.TryGetValue(field, out var filledBy) == true ? filledBy : match?.Provider;
            return isProvided ? new ValueLayer(field, provided, providers.Find(from)?.Profile.Title) : new ValueLayer(field, !isLocal ? ValueOrigin.Name : local?.Provider == TagLayer.Name ? ValueOrigin.Tags : ValueOrigin.Nfo);
        }

        ValueLayer? CreatePosterLayer() => posterOrigin switch
        {
            null => null,
            ArtworkOrigin.Provider => new ValueLayer("poster", provided, providers.Find(matched?.FilledFrom.GetValueOrDefault("poster") ?? match?.Provider)?.Profile.Title),
            ArtworkOrigin.Frame or ArtworkOrigin.Within => new ValueLayer("poster", ValueOrigin.File),
            _ => new ValueLayer("poster", ValueOrigin.Folder),
        };

        return
        [
            .. new[]
            {
                CreateLayer("title", true, matched is not null, local is { Title.Length: > 0 }),
                CreateLayer("year", detail.Item.Year is not null, matched?.Year is not null, local?.Year is not null),
                CreateLayer("description", detail.Item.Description is not null, local?.Description is null || matched?.Description is not null, true),
                CreateLayer("rating", detail.Item.Rating is not null, local?.Rating is null || matched?.Rating is not null, true),
                CreatePosterLayer(),
            }.OfType<ValueLayer>(),
        ];
    }
}

/// <summary>Where a value comes from. Except for posters, an earlier origin takes precedence over a later one.</summary>
public enum ValueOrigin
{
    Edit,
    PinnedMatch,
    Provider,
    Nfo,

    /// <summary>Tags in the file.</summary>
    Tags,
    Name,

    /// <summary>An image embedded in the file, or a frame of it.</summary>
    File,

    /// <summary>An image beside the file.</summary>
    Folder,
}

/// <summary>A field by its API name, and where its value comes from.</summary>
/// <param name="Provider">Title of the provider that supplied the value; null if none did.</param>
public sealed record ValueLayer(string Field, ValueOrigin Origin, string? Provider = null);

/// <summary>Metadata of an item from providers and its own files.</summary>
/// <param name="Providers">Those that support its kind.</param>
/// <param name="Credits">All providers whose data are displayed.</param>
/// <param name="HasBrokenNfo">Whether its NFO file breaks off.</param>
public sealed record ItemMetadata(
    MatchRow? Match, ProviderProfile? Provider, DetailedMetadata? Details, IReadOnlyList<ValueLayer> Layers, IReadOnlyList<ProviderAvailability> Providers, IReadOnlyList<ProviderProfile> Credits, bool HasBrokenNfo)
{
    /// <summary>Whether a provider that supports its kind is on.</summary>
    public bool CanLookUp => Providers.Any(p => p.IsEnabled);
}

/// <summary>Whether a provider can be called.</summary>
/// <param name="Problem">Why it cannot be called, in a sentence; null when there is no problem.</param>
public sealed record ProviderAvailability(string Name, bool IsEnabled, string? Problem);

/// <summary>Result of a refresh.</summary>
/// <param name="UnchangedReason">Why nothing changed; null when the providers responded.</param>
public sealed record RefreshResult(MediaDetail Detail, string? UnchangedReason);

/// <summary>An item with candidates that a user should choose from.</summary>
public sealed record UncertainMatch(MediaSummary Item, IReadOnlyList<Candidate> Candidates);
