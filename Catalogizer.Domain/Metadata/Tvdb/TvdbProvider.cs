using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Metadata.Tvdb;

/// <summary>Series and films from TheTVDB, by version 4 of its interface.</summary>
internal sealed partial class TvdbProvider : IMetadataProvider
{
    public static readonly ProviderProfile About = new(
        "tvdb",
        "TheTVDB",
        "Metadata provided by TheTVDB. Please consider adding missing information or subscribing.",
        new Uri("https://thetvdb.com/"),
        new Uri("https://api4.thetvdb.com/v4/"),
        new Uri("https://artworks.thetvdb.com/"),
        ["artworks.thetvdb.com"],
        PerSecond: 10,
        TrialPath: "languages",
        KeyHint: "The key of a project at thetvdb.com; with a subscriber's PIN, key and PIN with a colon between.",
        SpeaksLanguages: true);

    private const int MostPages = 20;
    private static readonly TimeSpan SearchLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLife = TimeSpan.FromDays(30);

    /// <summary>A token is good for a month.</summary>
    private static readonly TimeSpan TokenLife = TimeSpan.FromDays(28);

    public TvdbProvider(ProviderChannel channel, TimeProvider time)
    {
        Channel = channel;
        channel.Login = new ProviderLogin(About.Title, LoginRequest, json => json.Part("data").Text("token", 10_000) is { } token ? (token, TokenLife) : null, time);
    }

    public ProviderProfile Profile => About;

    public ProviderChannel Channel { get; }

    public ProviderStanding Standing => Channel.Standing;

    private string ThreeLetters => Languages.ThreeLetters(Channel.Language);

    public bool Covers(MediaKind kind) => kind is MediaKind.Film or MediaKind.Series;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(WorkQuery work, CancellationToken cancellation)
    {
        var address = $"search?query={Uri.EscapeDataString(work.Title)}&type={Word(work.Kind)}&limit=20";
        var year = work.Year is { } given ? string.Create(CultureInfo.InvariantCulture, $"&year={given}") : "";
        var found = await FoundAsync(address + year, work.Anew, cancellation);
        return found.Count == 0 && year.Length > 0 ? await FoundAsync(address, work.Anew, cancellation) : found;
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool anew, CancellationToken cancellation)
    {
        if (!WholeNumber().IsMatch(externalId))
        {
            return null;
        }

        var answer = await Channel.GetAsync($"{(kind == MediaKind.Film ? "movies" : "series")}/{externalId}/extended?meta=translations&short=true", DetailsLife, anew, cancellation);
        if (answer.Json() is not { } json || json.Part("data") is var data && (data.Id() is null || data.Text("name") is null))
        {
            return null;
        }

        var language = Channel.Language;
        var (original, translations) = (data.Text("name")!, data.Part("translations"));
        var title = Translated(translations, language, "nameTranslations", "name", Read.LongestTitle) ?? original;
        var ids = new Dictionary<string, string> { ["tvdb"] = externalId };
        foreach (var remote in data.Each("remoteIds"))
        {
            if (remote.Text("sourceName", 50)?.ToLowerInvariant() is { } source && remote.Text("id", 50) is { } id)
            {
                if (source.StartsWith("imdb", StringComparison.Ordinal))
                {
                    ids["imdb"] = id;
                }
                else if (source.StartsWith("themoviedb", StringComparison.Ordinal))
                {
                    ids["tmdb"] = id;
                }
            }
        }

        return new DetailedMetadata(
            About.Name, externalId, title, original == title ? null : original, Year(data),
            Translated(translations, language, "overviewTranslations", "overview", Read.LongestText) ?? data.Text("overview", Read.LongestText), null,
            [.. data.Each("genres").Select(g => g.Text("name", 100)).OfType<string>()], [], data.Address("image"), ids, answer.FetchedAt, answer.IsStale)
        {
            Language = language,
            Seasons = [.. data.Each("seasons", 500).Where(s => s.Part("type").Text("type") is null or "official").Select(s => s.Whole("number")).OfType<int>().Where(n => n >= 0).Distinct().Order()],
        };
    }

    public async Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool anew, CancellationToken cancellation)
    {
        if (kind != MediaKind.Series || !WholeNumber().IsMatch(externalId))
        {
            return [];
        }

        // All seasons come together, five hundred episodes a page, so that the second season asked for is there already.
        var parts = new List<PartMetadata>();
        for (var page = 0; page < MostPages; page++)
        {
            var answer = await Channel.GetAsync(string.Create(CultureInfo.InvariantCulture, $"series/{externalId}/episodes/default/{ThreeLetters}?page={page}"), DetailsLife, anew && season <= 1, cancellation);
            if (answer.Json() is not { } json)
            {
                break;
            }

            parts.AddRange(
                from episode in json.Part("data").Each("episodes", 1000)
                let number = episode.Whole("number")
                where number is not null && episode.Whole("seasonNumber") == season
                select new PartMetadata(season, number.Value, episode.Text("name"), episode.Text("overview", Read.LongestText), null, episode.Day("aired")));
            if (json.Part("links").Text("next", 1000) is null)
            {
                break;
            }
        }

        return parts;
    }

    public async Task<string?> ResolveAsync(MediaKind kind, string register, string id, CancellationToken cancellation)
    {
        if (register == About.Name)
        {
            return WholeNumber().IsMatch(id) ? id : null;
        }

        if (register != "imdb")
        {
            return null;
        }

        var answer = await Channel.GetAsync($"search/remoteid/{Uri.EscapeDataString(id)}", DetailsLife, anew: false, cancellation);
        return answer.Json() is { } json ? json.Each("data").Select(r => r.Part(Word(kind)).Id()).OfType<string>().FirstOrDefault() : null;
    }

    private async Task<IReadOnlyList<Metadata>> FoundAsync(string address, bool anew, CancellationToken cancellation)
    {
        var answer = await Channel.GetAsync(address, SearchLife, anew, cancellation);
        return answer.Json() is not { } json
            ? []
            : [.. from result in json.Each("data", 20)
                  let id = result.Id("tvdb_id")
                  let name = result.Text("name")
                  where id is not null && name is not null
                  select new Metadata(About.Name, id, result.Part("translations").Text(ThreeLetters) ?? name, name, Year(result) ?? result.Year("first_air_time"))];
    }

    private static string? Translated(JsonElement translations, string language, string list, string field, int longest) =>
        translations.Each(list, 200).FirstOrDefault(t => t.Text("language") == Languages.ThreeLetters(language)) is { ValueKind: JsonValueKind.Object } found ? found.Text(field, longest) : null;

    private HttpRequestMessage LoginRequest()
    {
        var parts = Channel.ApiKey.Split(':', 2);
        object body = parts.Length == 2 ? new { apikey = parts[0], pin = parts[1] } : new { apikey = parts[0] };
        return new HttpRequestMessage(HttpMethod.Post, new Uri(Channel.BaseAddress, "login")) { Content = JsonContent.Create(body, body.GetType()) };
    }

    private static int? Year(JsonElement json) => json.Year("year") ?? json.Year("firstAired");

    private static string Word(MediaKind kind) => kind == MediaKind.Film ? "movie" : "series";

    [GeneratedRegex(@"^\d{1,12}$")]
    private static partial Regex WholeNumber();
}
