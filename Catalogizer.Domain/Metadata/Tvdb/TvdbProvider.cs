using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Metadata.Tvdb;

/// <summary>Series and films from TheTVDB, by version 4 of its API.</summary>
internal sealed partial class TvdbProvider : IMetadataProvider
{
    public static readonly ProviderProfile Definition = new(
        "tvdb",
        "TheTVDB",
        "Metadata provided by TheTVDB. Please consider adding missing information or subscribing.",
        new Uri("https://thetvdb.com/"),
        new Uri("https://api4.thetvdb.com/v4/"),
        new Uri("https://artworks.thetvdb.com/"),
        ["artworks.thetvdb.com"],
        CallsPerSecond: 10,
        ProbePath: "languages",
        KeyHint: "The key of a project at thetvdb.com; with a subscriber's PIN, key and PIN with a colon between.",
        HasLanguageSetting: true);

    private const int MaxPages = 20;
    private static readonly TimeSpan SearchLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLifetime = TimeSpan.FromDays(30);

    /// <summary>A little less than the month that a token is valid.</summary>
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromDays(28);

    public TvdbProvider(ProviderChannel channel, TimeProvider time)
    {
        Channel = channel;
        channel.Login = new ProviderLogin(Definition.Title, CreateLoginRequest, json => json.GetPropertyOrDefault("data").GetText("token", 10_000) is { } token ? (token, TokenLifetime) : null, time);
    }

    public ProviderProfile Profile => Definition;

    public ProviderChannel Channel { get; }

    public ProviderStatus Status => Channel.Status;

    private string LanguageCode => Languages.ToTvdbCode(Channel.Language);

    public bool Supports(MediaKind kind) => kind is MediaKind.Film or MediaKind.Series;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(MetadataQuery query, CancellationToken cancellation)
    {
        var address = $"search?query={Uri.EscapeDataString(query.Title)}&type={ToApiName(query.Kind)}&limit=20";
        var year = query.Year is { } given ? string.Create(CultureInfo.InvariantCulture, $"&year={given}") : "";
        var found = await FetchResultsAsync(address + year, query.ForceRefresh, cancellation);
        return found.Count == 0 && year.Length > 0 ? await FetchResultsAsync(address, query.ForceRefresh, cancellation) : found;
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool forceRefresh, CancellationToken cancellation)
    {
        if (!WholeNumber().IsMatch(externalId))
        {
            return null;
        }

        var response = await Channel.GetAsync($"{(kind == MediaKind.Film ? "movies" : "series")}/{externalId}/extended?meta=translations&short=true", DetailsLifetime, forceRefresh, cancellation);
        if (response.ParseJson() is not { } json || json.GetPropertyOrDefault("data") is var data && (data.GetId() is null || data.GetText("name") is null))
        {
            return null;
        }

        var language = Channel.Language;
        var (original, translations) = (data.GetText("name")!, data.GetPropertyOrDefault("translations"));
        var title = FindTranslation(translations, language, "nameTranslations", "name", JsonElementExtensions.MaxTitleLength) ?? original;
        var ids = new Dictionary<string, string> { ["tvdb"] = externalId };
        foreach (var remote in data.GetItems("remoteIds"))
        {
            if (remote.GetText("sourceName", 50)?.ToLowerInvariant() is { } source && remote.GetText("id", 50) is { } id)
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
            Definition.Name, externalId, title, original == title ? null : original, GetYear(data),
            FindTranslation(translations, language, "overviewTranslations", "overview", JsonElementExtensions.MaxTextLength) ?? data.GetText("overview", JsonElementExtensions.MaxTextLength), null,
            [.. data.GetItems("genres").Select(g => g.GetText("name", 100)).OfType<string>()], [], data.GetAddress("image"), ids, response.FetchedAt, response.IsStale)
        {
            Language = language,
            Seasons = [.. data.GetItems("seasons", 500).Where(s => s.GetPropertyOrDefault("type").GetText("type") is null or "official").Select(s => s.GetWholeNumber("number")).OfType<int>().Where(n => n >= 0).Distinct().Order()],
        };
    }

    public async Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool forceRefresh, CancellationToken cancellation)
    {
        if (kind != MediaKind.Series || !WholeNumber().IsMatch(externalId))
        {
            return [];
        }

        // Each request returns all seasons, 500 episodes a page, so the next season that is requested is already cached.
        var parts = new List<PartMetadata>();
        for (var page = 0; page < MaxPages; page++)
        {
            var response = await Channel.GetAsync(string.Create(CultureInfo.InvariantCulture, $"series/{externalId}/episodes/default/{LanguageCode}?page={page}"), DetailsLifetime, forceRefresh && season <= 1, cancellation);
            if (response.ParseJson() is not { } json)
            {
                break;
            }

            parts.AddRange(
                from episode in json.GetPropertyOrDefault("data").GetItems("episodes", 1000)
                let number = episode.GetWholeNumber("number")
                where number is not null && episode.GetWholeNumber("seasonNumber") == season
                select new PartMetadata(season, number.Value, episode.GetText("name"), episode.GetText("overview", JsonElementExtensions.MaxTextLength), null, episode.GetDate("aired")));
            if (json.GetPropertyOrDefault("links").GetText("next", 1000) is null)
            {
                break;
            }
        }

        return parts;
    }

    public async Task<string?> ResolveIdAsync(MediaKind kind, string idType, string id, CancellationToken cancellation)
    {
        if (idType == Definition.Name)
        {
            return WholeNumber().IsMatch(id) ? id : null;
        }

        if (idType != "imdb")
        {
            return null;
        }

        var response = await Channel.GetAsync($"search/remoteid/{Uri.EscapeDataString(id)}", DetailsLifetime, forceRefresh: false, cancellation);
        return response.ParseJson() is { } json ? json.GetItems("data").Select(r => r.GetPropertyOrDefault(ToApiName(kind)).GetId()).OfType<string>().FirstOrDefault() : null;
    }

    private async Task<IReadOnlyList<Metadata>> FetchResultsAsync(string address, bool forceRefresh, CancellationToken cancellation)
    {
        var response = await Channel.GetAsync(address, SearchLifetime, forceRefresh, cancellation);
        return response.ParseJson() is not { } json
            ? []
            : [.. from result in json.GetItems("data", 20)
                  let id = result.GetId("tvdb_id")
                  let name = result.GetText("name")
                  where id is not null && name is not null
                  select new Metadata(Definition.Name, id, result.GetPropertyOrDefault("translations").GetText(LanguageCode) ?? name, name, GetYear(result) ?? result.GetYear("first_air_time"))];
    }

    private static string? FindTranslation(JsonElement translations, string language, string list, string field, int maxLength) =>
        translations.GetItems(list, 200).FirstOrDefault(t => t.GetText("language") == Languages.ToTvdbCode(language)) is { ValueKind: JsonValueKind.Object } found ? found.GetText(field, maxLength) : null;

    private HttpRequestMessage CreateLoginRequest()
    {
        var parts = Channel.ApiKey.Split(':', 2);
        object body = parts.Length == 2 ? new { apikey = parts[0], pin = parts[1] } : new { apikey = parts[0] };
        return new HttpRequestMessage(HttpMethod.Post, new Uri(Channel.BaseAddress, "login")) { Content = JsonContent.Create(body, body.GetType()) };
    }

    private static int? GetYear(JsonElement json) => json.GetYear("year") ?? json.GetYear("firstAired");

    private static string ToApiName(MediaKind kind) => kind == MediaKind.Film ? "movie" : "series";

    [GeneratedRegex(@"^\d{1,12}$")]
    private static partial Regex WholeNumber();
}
