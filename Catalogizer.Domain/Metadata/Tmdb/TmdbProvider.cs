using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Metadata.Tmdb;

/// <summary>Films and series from The Movie Database.</summary>
internal sealed partial class TmdbProvider : IMetadataProvider
{
    public static readonly ProviderProfile About = new(
        "tmdb",
        "TMDB",
        "This product uses the TMDB API but is not endorsed or certified by TMDB.",
        new Uri("https://www.themoviedb.org/"),
        new Uri("https://api.themoviedb.org/3/"),
        new Uri("https://image.tmdb.org/t/p/"),
        ["image.tmdb.org"],
        PerSecond: 20,
        TrialPath: "configuration",
        KeyHint: "A key of version 3, or a token of version 4, from the settings of an account at themoviedb.org.",
        SpeaksLanguages: true);

    private static readonly TimeSpan SearchLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLife = TimeSpan.FromDays(30);

    public TmdbProvider(ProviderChannel channel)
    {
        Channel = channel;
        channel.Authorize = request => Authorize(request, channel.ApiKey);
    }

    public ProviderProfile Profile => About;

    public ProviderChannel Channel { get; }

    public ProviderStanding Standing => Channel.Standing;

    public bool Covers(MediaKind kind) => kind is MediaKind.Film or MediaKind.Series;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(WorkQuery work, CancellationToken cancellation)
    {
        var film = work.Kind == MediaKind.Film;
        var address = $"search/{Word(work.Kind)}?query={Uri.EscapeDataString(work.Title)}&include_adult=false&language={Channel.Language}";
        var year = work.Year is { } given ? string.Create(CultureInfo.InvariantCulture, $"&{(film ? "year" : "first_air_date_year")}={given}") : "";
        var found = await FoundAsync(address + year, film, work.Anew, cancellation);
        return found.Count == 0 && year.Length > 0 ? await FoundAsync(address, film, work.Anew, cancellation) : found;
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool anew, CancellationToken cancellation)
    {
        if (!WholeNumber().IsMatch(externalId))
        {
            return null;
        }

        var language = Channel.Language;
        var answer = await Channel.GetAsync($"{Word(kind)}/{externalId}?append_to_response=external_ids,credits&language={language}", DetailsLife, anew, cancellation);
        if (answer.Json() is not { } json || json.Id() is not { } id || Title(json) is not { } title)
        {
            return null;
        }

        var ids = new Dictionary<string, string> { ["tmdb"] = id };
        if ((json.Text("imdb_id", 20) ?? json.Part("external_ids").Text("imdb_id", 20)) is { } imdb)
        {
            ids["imdb"] = imdb;
        }

        if (json.Part("external_ids").Id("tvdb_id") is { } tvdb)
        {
            ids["tvdb"] = tvdb;
        }

        return new DetailedMetadata(
            About.Name, id, title, json.Text("original_title") ?? json.Text("original_name"), Year(json), json.Text("overview", Read.LongestText),
            json.Rating("vote_average", "vote_count"),
            [.. json.Each("genres").Select(g => g.Text("name", 100)).OfType<string>()],
            [.. json.Part("credits").Each("cast", 10).Select(p => p.Text("name", 200)).OfType<string>()],
            Poster(json), ids, answer.FetchedAt, answer.IsStale)
        {
            Language = language,
            Seasons = [.. json.Each("seasons", 500).Select(s => s.Whole("season_number")).OfType<int>().Where(n => n >= 0).Distinct().Order()],
        };
    }

    public async Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool anew, CancellationToken cancellation)
    {
        if (kind != MediaKind.Series || !WholeNumber().IsMatch(externalId))
        {
            return [];
        }

        var answer = await Channel.GetAsync(string.Create(CultureInfo.InvariantCulture, $"tv/{externalId}/season/{season}?language={Channel.Language}"), DetailsLife, anew, cancellation);
        return answer.Json() is not { } json
            ? []
            : [.. from episode in json.Each("episodes", 2000)
                  let number = episode.Whole("episode_number")
                  where number is not null
                  select new PartMetadata(season, number.Value, episode.Text("name"), episode.Text("overview", Read.LongestText), episode.Rating("vote_average", "vote_count"), episode.Day("air_date"))];
    }

    public async Task<string?> ResolveAsync(MediaKind kind, string register, string id, CancellationToken cancellation)
    {
        if (register == About.Name)
        {
            return WholeNumber().IsMatch(id) ? id : null;
        }

        if (register is not ("imdb" or "tvdb"))
        {
            return null;
        }

        var answer = await Channel.GetAsync($"find/{Uri.EscapeDataString(id)}?external_source={register}_id", DetailsLife, anew: false, cancellation);
        return answer.Json() is { } json ? json.Each(kind == MediaKind.Film ? "movie_results" : "tv_results", 1).Select(r => r.Id()).FirstOrDefault() : null;
    }

    private async Task<IReadOnlyList<Metadata>> FoundAsync(string address, bool film, bool anew, CancellationToken cancellation)
    {
        var answer = await Channel.GetAsync(address, SearchLife, anew, cancellation);
        return answer.Json() is not { } json
            ? []
            : [.. from result in json.Each("results", 20)
                  let id = result.Id()
                  let title = Title(result)
                  where id is not null && title is not null
                  select new Metadata(About.Name, id, title, result.Text(film ? "original_title" : "original_name"), Year(result))];
    }

    private string? Poster(JsonElement json) =>
        json.Text("poster_path", 200) is { } path && PosterPath().IsMatch(path) ? new Uri(Channel.ImageBaseAddress, "w500" + path).AbsoluteUri : null;

    private static string? Title(JsonElement json) => json.Text("title") ?? json.Text("name");

    private static int? Year(JsonElement json) => json.Year("release_date") ?? json.Year("first_air_date");

    private static string Word(MediaKind kind) => kind == MediaKind.Film ? "movie" : "tv";

    /// <summary>A key with dots is a token of version 4 and goes in a header; the older ones go in the query.</summary>
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
