using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Metadata.Tmdb;

/// <summary>Films and series from The Movie Database.</summary>
internal sealed partial class TmdbProvider : IMetadataProvider
{
    public static readonly ProviderProfile Definition = new(
        "tmdb",
        "TMDB",
        "This product uses the TMDB API but is not endorsed or certified by TMDB.",
        new Uri("https://www.themoviedb.org/"),
        new Uri("https://api.themoviedb.org/3/"),
        new Uri("https://image.tmdb.org/t/p/"),
        ["image.tmdb.org"],
        CallsPerSecond: 20,
        ProbePath: "configuration",
        KeyHint: "A key of version 3, or a token of version 4, from the settings of an account at themoviedb.org.",
        HasLanguageSetting: true);

    private static readonly TimeSpan SearchLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLifetime = TimeSpan.FromDays(30);

    public TmdbProvider(ProviderChannel channel)
    {
        Channel = channel;
        channel.Authorize = request => Authorize(request, channel.ApiKey);
    }

    public ProviderProfile Profile => Definition;

    public ProviderChannel Channel { get; }

    public ProviderStatus Status => Channel.Status;

    public bool Supports(MediaKind kind) => kind is MediaKind.Film or MediaKind.Series;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(MetadataQuery query, CancellationToken cancellation)
    {
        var isFilm = query.Kind == MediaKind.Film;
        var address = $"search/{ToApiName(query.Kind)}?query={Uri.EscapeDataString(query.Title)}&include_adult=false&language={Channel.Language}";
        var year = query.Year is { } given ? string.Create(CultureInfo.InvariantCulture, $"&{(isFilm ? "year" : "first_air_date_year")}={given}") : "";
        var found = await FetchResultsAsync(address + year, isFilm, query.ForceRefresh, cancellation);
        return found.Count == 0 && year.Length > 0 ? await FetchResultsAsync(address, isFilm, query.ForceRefresh, cancellation) : found;
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool forceRefresh, CancellationToken cancellation)
    {
        if (!WholeNumber().IsMatch(externalId))
        {
            return null;
        }

        var language = Channel.Language;
        var response = await Channel.GetAsync($"{ToApiName(kind)}/{externalId}?append_to_response=external_ids,credits&language={language}", DetailsLifetime, forceRefresh, cancellation);
        if (response.ParseJson() is not { } json || json.GetId() is not { } id || GetTitle(json) is not { } title)
        {
            return null;
        }

        var ids = new Dictionary<string, string> { ["tmdb"] = id };
        if ((json.GetText("imdb_id", 20) ?? json.GetPropertyOrDefault("external_ids").GetText("imdb_id", 20)) is { } imdb)
        {
            ids["imdb"] = imdb;
        }

        if (json.GetPropertyOrDefault("external_ids").GetId("tvdb_id") is { } tvdb)
        {
            ids["tvdb"] = tvdb;
        }

        return new DetailedMetadata(
            Definition.Name, id, title, json.GetText("original_title") ?? json.GetText("original_name"), GetYear(json), json.GetText("overview", JsonElementExtensions.MaxTextLength),
            json.GetRating("vote_average", "vote_count"),
            [.. json.GetItems("genres").Select(g => g.GetText("name", 100)).OfType<string>()],
            [.. json.GetPropertyOrDefault("credits").GetItems("cast", 10).Select(p => p.GetText("name", 200)).OfType<string>()],
            GetPosterUrl(json), ids, response.FetchedAt, response.IsStale)
        {
            Language = language,
            Seasons = [.. json.GetItems("seasons", 500).Select(s => s.GetWholeNumber("season_number")).OfType<int>().Where(n => n >= 0).Distinct().Order()],
        };
    }

    public async Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool forceRefresh, CancellationToken cancellation)
    {
        if (kind != MediaKind.Series || !WholeNumber().IsMatch(externalId))
        {
            return [];
        }

        var response = await Channel.GetAsync(string.Create(CultureInfo.InvariantCulture, $"tv/{externalId}/season/{season}?language={Channel.Language}"), DetailsLifetime, forceRefresh, cancellation);
        return response.ParseJson() is not { } json
            ? []
            : [.. from episode in json.GetItems("episodes", 2000)
                  let number = episode.GetWholeNumber("episode_number")
                  where number is not null
                  select new PartMetadata(season, number.Value, episode.GetText("name"), episode.GetText("overview", JsonElementExtensions.MaxTextLength), episode.GetRating("vote_average", "vote_count"), episode.GetDate("air_date"))];
    }

    public async Task<string?> ResolveIdAsync(MediaKind kind, string idType, string id, CancellationToken cancellation)
    {
        if (idType == Definition.Name)
        {
            return WholeNumber().IsMatch(id) ? id : null;
        }

        if (idType is not ("imdb" or "tvdb"))
        {
            return null;
        }

        var response = await Channel.GetAsync($"find/{Uri.EscapeDataString(id)}?external_source={idType}_id", DetailsLifetime, forceRefresh: false, cancellation);
        return response.ParseJson() is { } json ? json.GetItems(kind == MediaKind.Film ? "movie_results" : "tv_results", 1).Select(r => r.GetId()).FirstOrDefault() : null;
    }

    private async Task<IReadOnlyList<Metadata>> FetchResultsAsync(string address, bool isFilm, bool forceRefresh, CancellationToken cancellation)
    {
        var response = await Channel.GetAsync(address, SearchLifetime, forceRefresh, cancellation);
        return response.ParseJson() is not { } json
            ? []
            : [.. from result in json.GetItems("results", 20)
                  let id = result.GetId()
                  let title = GetTitle(result)
                  where id is not null && title is not null
                  select new Metadata(Definition.Name, id, title, result.GetText(isFilm ? "original_title" : "original_name"), GetYear(result))];
    }

    private string? GetPosterUrl(JsonElement json) =>
        json.GetText("poster_path", 200) is { } path && PosterPath().IsMatch(path) ? new Uri(Channel.ImageBaseAddress, "w500" + path).AbsoluteUri : null;

    private static string? GetTitle(JsonElement json) => json.GetText("title") ?? json.GetText("name");

    private static int? GetYear(JsonElement json) => json.GetYear("release_date") ?? json.GetYear("first_air_date");

    private static string ToApiName(MediaKind kind) => kind == MediaKind.Film ? "movie" : "tv";

    /// <summary>A key with dots is a version 4 token and goes into a header; version 3 keys go into the query.</summary>
    private static void Authorize(HttpRequestMessage request, string key)
    {
        if (key.Contains('.', StringComparison.Ordinal))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            return;
        }

        var address = request.RequestUri!.AbsoluteUri;
        request.RequestUri = new Uri($"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api_key={Uri.EscapeDataString(key)}");
    }

    [GeneratedRegex(@"^\d{1,12}$")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"^/[\w.-]{1,150}$")]
    private static partial Regex PosterPath();
}
