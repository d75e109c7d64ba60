using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Metadata.Omdb;

/// <summary>Films and series from the Open Movie Database, by IMDb ids.</summary>
internal sealed partial class OmdbProvider : IMetadataProvider
{
    public static readonly ProviderProfile Definition = new(
        "omdb",
        "OMDb",
        "Data from the OMDb API, licensed under CC BY-NC 4.0.",
        new Uri("https://www.omdbapi.com/"),
        new Uri("https://www.omdbapi.com/"),
        new Uri("https://m.media-amazon.com/"),
        ["m.media-amazon.com", "ia.media-imdb.com"],
        CallsPerSecond: 5,
        ProbePath: "?i=tt0133093",
        KeyHint: "Eight letters and digits, from omdbapi.com/apikey.aspx.");

    private static readonly TimeSpan SearchLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLifetime = TimeSpan.FromDays(30);

    public OmdbProvider(ProviderChannel channel)
    {
        Channel = channel;
        channel.Authorize = request => request.RequestUri = new Uri($"{request.RequestUri!.AbsoluteUri}&apikey={Uri.EscapeDataString(channel.ApiKey)}");
        channel.IsQuotaMessage = words => words.Contains("limit reached", StringComparison.OrdinalIgnoreCase);
    }

    public ProviderProfile Profile => Definition;

    public ProviderChannel Channel { get; }

    public ProviderStatus Status => Channel.Status;

    public bool Supports(MediaKind kind) => kind is MediaKind.Film or MediaKind.Series;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(MetadataQuery query, CancellationToken cancellation)
    {
        var typeFilter = $"&type={(query.Kind == MediaKind.Film ? "movie" : "series")}";
        var title = Uri.EscapeDataString(query.Title);
        var year = query.Year is { } given ? string.Create(CultureInfo.InvariantCulture, $"&y={given}") : "";
        var found = await FetchResultsAsync($"?s={title}{typeFilter}{year}", query.ForceRefresh, cancellation);
        if (found.Count == 0 && year.Length > 0)
        {
            found = await FetchResultsAsync($"?s={title}{typeFilter}", query.ForceRefresh, cancellation);
        }

        // A search for a short title fails with "Too many results."; a request for the exact title returns one.
        return found.Count > 0 ? found : await FetchAsync($"?t={title}{typeFilter}{year}", SearchLifetime, query.ForceRefresh, cancellation) is { } one && ToMetadata(one.Json) is { } single ? [single] : [];
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool forceRefresh, CancellationToken cancellation)
    {
        if (!ImdbId().IsMatch(externalId) || await FetchAsync($"?i={externalId}&plot=full", DetailsLifetime, forceRefresh, cancellation) is not { } found || ToMetadata(found.Json) is not { } summary)
        {
            return null;
        }

        var (json, response) = found;
        return new DetailedMetadata(
            Definition.Name, summary.ExternalId, summary.Title, null, summary.Year, GetValue(json, "Plot", JsonElementExtensions.MaxTextLength),
            json.GetOrParseNumber("imdbRating") is { } rating and > 0 and <= 10 ? rating : null,
            SplitList(json, "Genre"), SplitList(json, "Actors"), json.GetAddress("Poster"),
            new Dictionary<string, string> { ["imdb"] = summary.ExternalId }, response.FetchedAt, response.IsStale)
        {
            Seasons = kind == MediaKind.Series && json.GetOrParseNumber("totalSeasons") is { } seasons and >= 1 and <= 200 ? [.. Enumerable.Range(1, (int)seasons)] : [],
        };
    }

    public async Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool forceRefresh, CancellationToken cancellation)
    {
        if (kind != MediaKind.Series || !ImdbId().IsMatch(externalId)
            || await FetchAsync(string.Create(CultureInfo.InvariantCulture, $"?i={externalId}&Season={season}"), DetailsLifetime, forceRefresh, cancellation) is not { } found)
        {
            return [];
        }

        return
        [
            .. from episode in found.Json.GetItems("Episodes", 2000)
               let number = episode.GetOrParseNumber("Episode")
               where number is >= 0 and < 1e5
               select new PartMetadata(season, (int)number.Value, GetValue(episode, "Title"), null, episode.GetOrParseNumber("imdbRating") is { } rating and > 0 and <= 10 ? rating : null, episode.GetDate("Released")),
        ];
    }

    public Task<string?> ResolveIdAsync(MediaKind kind, string idType, string id, CancellationToken cancellation) =>
        Task.FromResult(idType is "imdb" && ImdbId().IsMatch(id) ? id : null);

    private async Task<IReadOnlyList<Metadata>> FetchResultsAsync(string path, bool forceRefresh, CancellationToken cancellation) =>
        await FetchAsync(path, SearchLifetime, forceRefresh, cancellation) is { } found ? [.. found.Json.GetItems("Search", 20).Select(ToMetadata).OfType<Metadata>()] : [];

    /// <returns>Null when there is no entry, which OMDb reports with the word False.</returns>
    private async Task<(JsonElement Json, ProviderResponse Answer)?> FetchAsync(string path, TimeSpan lifetime, bool forceRefresh, CancellationToken cancellation)
    {
        var response = await Channel.GetAsync(path, lifetime, forceRefresh, cancellation);
        return response.ParseJson() is { } json && json.GetText("Response") == "True" ? (json, response) : null;
    }

    private static Metadata? ToMetadata(JsonElement json) =>
        json.GetText("imdbID", 20) is { } id && ImdbId().IsMatch(id) && GetValue(json, "Title") is { } title ? new Metadata(Definition.Name, id, title, null, json.GetYear("Year")) : null;

    private static string? GetValue(JsonElement json, string name, int maxLength = JsonElementExtensions.MaxTitleLength) => json.GetText(name, maxLength) is { } text && text != "N/A" ? text : null;

    private static string[] SplitList(JsonElement json, string name) => GetValue(json, name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    [GeneratedRegex(@"^tt\d{5,12}$")]
    private static partial Regex ImdbId();
}
