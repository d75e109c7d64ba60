using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Merging;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.StaticFiles;

namespace Catalogizer.Web.Api;

/// <summary>Finds, changes and streams the items of the catalogue.</summary>
internal static class MediaEndpoints
{
    /// <summary>The response header with the time at which cached data was read; sent while the source is offline.</summary>
    private const string AsOfHeader = "Catalogizer-As-Of";

    /// <summary>The limits depend on the catalogue, so they are part of this text and not minimum and maximum in the OpenAPI document.</summary>
    private static readonly string YearDescription = string.Create(
        CultureInfo.InvariantCulture, $"From {new SearchOptions().EarliestYear} to {new SearchOptions().LatestYear} unless the settings say otherwise, and all years that the catalogue has.");

    /// <summary>For content that never changes: clients may cache it for a year.</summary>
    private const string ImmutableCacheControl = "private, max-age=31536000, immutable";

    private static readonly FileExtensionContentTypeProvider ContentTypes = new(new Dictionary<string, string>(new FileExtensionContentTypeProvider().Mappings)
    {
        [".mkv"] = "video/x-matroska",
        [".flac"] = "audio/flac",
        [".opus"] = "audio/ogg",
    });

    private static readonly QueryBinder<MediaQuery> SearchQuery = new(reader => new MediaQuery
    {
        Query = reader.ReadText("query", "Words of titles; the last one may be unfinished.", MediaQueryValidator.MaxQueryLength),
        Type = reader.ReadChoice<MediaType>("type", "What the items are.", MediaTypes.All, MediaTypes.TryParse),
        Year = reader.ReadInteger("year", YearDescription),
        YearFrom = reader.ReadInteger("yearFrom", $"The first year. {YearDescription}"),
        YearTo = reader.ReadInteger("yearTo", $"The last year. {YearDescription}"),
        Rating = reader.ReadNumber("rating", "The lowest rating.", MediaQueryValidator.MinRating, MediaQueryValidator.MaxRating),
        Resolution = reader.ReadText("resolution", "Of a copy, such as 1080p. All that is asked of copies is asked of one and the same."),
        Codec = reader.ReadText("codec", "The video codec of a copy, such as H.265."),
        Source = reader.ReadId("source", "The id of a source that has a copy."),
        Presence = reader.ReadChoice<Presence>("presence", "Of a copy: unknown while its source is offline, retired when it is archived.", Presences.All, Presences.TryParse),
        Sort = reader.ReadChoice<MediaSort>("sort", "The order, downwards with a minus. Without it: by relevance with a query, else -added.", MediaSorts.All, MediaSorts.TryParse),
        Limit = reader.ReadInteger("limit", "Items of a page; 50 without it.", 1, MediaQueryValidator.MaxPageSize) ?? new MediaQuery().Limit,
        Cursor = reader.ReadText("cursor", "The nextCursor of the page before, with the same sort."),
    });

    private static readonly string[] EditableFields = ["title", "year", "description", "rating"];

    public static void MapMedia(this IEndpointRouteBuilder api)
    {
        var media = api.MapGroup("/media").WithTags("media").RequirePermission(Permission.MediaView);
        media.MapGet("", GetPageAsync).WithQuery(SearchQuery).Produces<MediaPage>();
        media.MapGet("/stats", async (MediaService service, HttpContext http, CancellationToken cancellation) => await service.StatisticsAsync(http.ToActor(), cancellation));
        media.MapGet("/{id:long}", async (long id, MediaService service, HttpContext http, CancellationToken cancellation) =>
            await service.GetAsync(http.ToActor(), id, cancellation) is var found && found.Error is { } error
                ? ApiProblems.From(error)
                : Results.Ok(new ItemWithSidecars(found.Value.Item, found.Value.Sidecars))).Produces<ItemWithSidecars>();
        media.MapGet("/{id:long}/versions", async (long id, MediaService service, HttpContext http, CancellationToken cancellation) =>
            (await service.VersionsAsync(http.ToActor(), id, cancellation)).ToHttpResult()).Produces<IReadOnlyList<MediaVersion>>();
        media.MapGet("/{id:long}/children", async (long id, MediaService service, HttpContext http, CancellationToken cancellation) =>
            (await service.ChildrenAsync(http.ToActor(), id, cancellation)).ToHttpResult()).Produces<IReadOnlyList<MediaSummary>>();
        media.MapGet("/{id:long}/history", async (long id, MediaService service, HttpContext http, CancellationToken cancellation) =>
            (await service.HistoryAsync(http.ToActor(), id, cancellation)).ToHttpResult()).Produces<IReadOnlyList<MediaEvent>>();
        media.MapPut("/{id:long}", EditAsync).RequirePermission(Permission.MediaEdit).Produces<MediaSummary>().ProducesValidationProblem();
        media.MapPost("/{id:long}/match", async (long id, MatchBody body, MetadataService service, HttpContext http, CancellationToken cancellation) =>
            ToHttpResult(await service.MatchAsync(http.ToActor(), id, body.Provider, body.ExternalId, cancellation))).RequirePermission(Permission.MediaEdit).Produces<MediaSummary>().ProducesValidationProblem();
        media.MapPost("/{id:long}/refresh", async (long id, MetadataService service, HttpContext http, CancellationToken cancellation) =>
            await service.RefreshAsync(http.ToActor(), id, cancellation) is var refreshed && refreshed.Error is { } error
                ? ApiProblems.From(error)
                : Results.Ok(new RefreshedItem(refreshed.Value.Detail.Item, refreshed.Value.UnchangedReason)))
            .RequirePermission(Permission.MediaEdit).Produces<RefreshedItem>().ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
            .WithDescription("Asks the metadata providers again. refreshed is false when everything stays as it was, and reason says why.");
        media.MapPost("/{id:long}/merge", async (long id, MergeBody body, ItemMergeService service, HttpContext http, CancellationToken cancellation) => body.Into is { } into
            ? ToHttpResult(await service.MergeAsync(http.ToActor(), id, into, cancellation))
            : ApiProblems.From(new InvalidError("into", "Give the id of the item that stays."))).RequirePermission(Permission.MediaEdit).Produces<MediaSummary>().ProducesValidationProblem();
        media.MapGet("/{id:long}/joins", async (long id, ItemMergeService service, HttpContext http, CancellationToken cancellation) =>
            (await service.ForItemAsync(http.ToActor(), id, cancellation)).ToHttpResult()).Produces<IReadOnlyList<ItemMergeView>>();
        media.MapDelete("/joins/{id:long}", async (long id, ItemMergeService service, HttpContext http, CancellationToken cancellation) =>
            ToHttpResult(await service.UndoAsync(http.ToActor(), id, cancellation))).RequirePermission(Permission.MediaEdit).Produces<MediaSummary>();
        api.MapPost("/versions/{id:long}/split", async (long id, SplitBody body, ItemMergeService service, HttpContext http, CancellationToken cancellation) =>
            ToHttpResult(await service.SplitAsync(http.ToActor(), id, body.Item, body.Title, body.Year, cancellation)))
            .WithTags("media").RequirePermission(Permission.MediaEdit).Produces<MediaSummary>().ProducesValidationProblem();
        api.MapGet("/artwork/{hash}", GetArtwork).WithTags("media").RequirePermission(Permission.MediaView);
        api.MapMethods("/versions/{id:long}/stream", [HttpMethods.Get, HttpMethods.Head], StreamAsync).AbortWhenAccessEnds().WithTags("media").RequirePermission(Permission.MediaView);
    }

    /// <summary>The provider entry to match an item with: the provider's name and its id there.</summary>
    internal sealed record MatchBody(string? Provider, string? ExternalId);

    /// <summary>An item with the subtitles, pictures and extras that belong to it and to none of its copies, where there are any.</summary>
    internal sealed record ItemWithSidecars : MediaSummary
    {
        public ItemWithSidecars(MediaSummary item, IReadOnlyList<SidecarFile> sidecars)
            : base(item) => Sidecars = sidecars.Count == 0 ? null : sidecars;

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<SidecarFile>? Sidecars { get; }
    }

    /// <summary>An item after a refresh. If nothing changed, refreshed is false and reason says why.</summary>
    internal sealed record RefreshedItem : MediaSummary
    {
        public RefreshedItem(MediaSummary item, string? reason)
            : base(item) => Reason = reason;

        public bool Refreshed => Reason is null;

        public string? Reason { get; }
    }

    /// <summary>The item to merge into, which stays.</summary>
    internal sealed record MergeBody(long? Into);

    /// <summary>The item to move a copy to; without one, a new item with this title and year is created.</summary>
    internal sealed record SplitBody(long? Item, string? Title, int? Year);

    /// <summary>Artwork by the hash of its content, so that clients never need to fetch it twice.</summary>
    private static IResult GetArtwork(string hash, ArtworkStore artwork, HttpContext http)
    {
        // A client that has the artwork of a hash has the right content, so no look-up is needed.
        if (http.Request.Headers.IfNoneMatch == $"\"{hash}\"" && ArtworkStore.IsValidHash(hash))
        {
            http.Response.Headers.ETag = http.Request.Headers.IfNoneMatch;
            http.Response.Headers.CacheControl = ImmutableCacheControl;
            return Results.StatusCode(StatusCodes.Status304NotModified);
        }

        if (artwork.Find(hash) is not { } found)
        {
            return ApiProblems.From(new NotFoundError("There is no such picture."));
        }

        http.Response.Headers.CacheControl = ImmutableCacheControl;
        return Results.File(found.Path, found.ContentType, entityTag: new Microsoft.Net.Http.Headers.EntityTagHeaderValue($"\"{hash}\""));
    }

    private static async Task<IResult> GetPageAsync(MediaService service, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        var query = SearchQuery.Read(http, out var errors);
        foreach (var invalid in await service.ValidateAsync(query, cancellation))
        {
            errors.TryAdd(invalid.Field!, [invalid.Message]);
        }

        if (errors.Count > 0)
        {
            return ApiProblems.Invalid(errors);
        }

        var page = await service.PageAsync(http.ToActor(), query, cancellation);
        return (page.IsOk ? page.Value with { TookMs = Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 1) } : page).ToHttpResult();
    }

    /// <summary>A partial update: omitted fields stay unchanged, null resets an edit.</summary>
    private static async Task<IResult> EditAsync(long id, JsonElement body, MediaService service, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Dictionary<string, string[]>();
        if (body.ValueKind != JsonValueKind.Object)
        {
            errors[""] = [$"Send a JSON object with the fields to set: {string.Join(", ", EditableFields)}."];
            return ApiProblems.Invalid(errors);
        }

        foreach (var field in body.EnumerateObject().Where(f => !EditableFields.Contains(f.Name)))
        {
            errors[field.Name] = [$"There is no such field. There are: {string.Join(", ", EditableFields)}."];
        }

        var edits = new MediaEdits
        {
            Title = ReadField(body, "title", errors, "a text", v => v.ValueKind == JsonValueKind.String ? v.GetString() : null),
            Year = ReadField(body, "year", errors, "a whole number", v => v.ValueKind == JsonValueKind.Number && v.TryGetInt32(out var year) ? year : (int?)null),
            Description = ReadField(body, "description", errors, "a text", v => v.ValueKind == JsonValueKind.String ? v.GetString() : null),
            Rating = ReadField(body, "rating", errors, "a number", v => v.ValueKind == JsonValueKind.Number && v.TryGetDouble(out var rating) ? rating : (double?)null),
        };
        if (errors.Count > 0)
        {
            return ApiProblems.Invalid(errors);
        }

        return ToHttpResult(await service.EditAsync(http.ToActor(), id, edits, cancellation));
    }

    /// <summary>The end of the requested range, if it is a single one with a start and an end; otherwise the end of the file.</summary>
    private static long GetRangeEnd(HttpRequest request, long length) =>
        request.GetTypedHeaders().Range is { Unit.Value: "bytes", Ranges.Count: 1 } range && range.Ranges.First() is { From: not null, To: { } to } ? Math.Min(to + 1, length) : length;

    private static IResult ToHttpResult(Result<MediaDetail> detail) => detail.Error is { } error ? ApiProblems.From(error) : Results.Ok(detail.Value.Item);

    private static Optional<T?> ReadField<T>(JsonElement body, string field, Dictionary<string, string[]> errors, string expected, Func<JsonElement, T?> parse)
    {
        if (!body.TryGetProperty(field, out var value))
        {
            return default;
        }

        var parsed = parse(value);
        if (parsed is null && value.ValueKind != JsonValueKind.Null)
        {
            errors[field] = [$"Send {expected}, or null to take your edit back."];
        }

        return parsed;
    }

    /// <summary>
    /// Streams a file directly from its source, with range support. While the source is offline, sends the cached beginning, marked with the
    /// time at which it was read. Types that a browser might execute are sent as a download.
    /// </summary>
    private static async Task<IResult> StreamAsync(long id, MediaService service, ConnectionLimits limits, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        if (limits.Open(ConnectionKind.Download, http) is { } rejection)
        {
            return rejection;
        }

        var opened = await service.OpenAsync(http.ToActor(), id, cancellation);
        if (opened.Error is { } error)
        {
            return ApiProblems.From(error);
        }

        http.Response.RegisterForDisposeAsync(opened.Value.Connection);
        if (opened.Value.Cached is { } cached)
        {
            if (cached.Bytes < GetRangeEnd(http.Request, opened.Value.Content.Length))
            {
                throw cached.Exception;
            }

            http.Response.Headers[AsOfHeader] = cached.AsOf.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        }

        var type = ContentTypes.TryGetContentType(opened.Value.Name, out var known) ? known : "application/octet-stream";
        var isInline = type.StartsWith("video/", StringComparison.Ordinal) || type.StartsWith("audio/", StringComparison.Ordinal)
            || (type.StartsWith("image/", StringComparison.Ordinal) && type != "image/svg+xml");
        var content = new FixedLengthStream(opened.Value.Content, http.Abort);
        return new BufferedStreamResult(Results.Stream(content, isInline ? type : "application/octet-stream", isInline ? null : opened.Value.Name, enableRangeProcessing: true), time);
    }
}
