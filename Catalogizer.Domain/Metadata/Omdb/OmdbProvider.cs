using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Metadata.Omdb;

/// <summary>Films and series from the Open Movie Database, by IMDb's ids.</summary>
internal sealed partial class OmdbProvider : IMetadataProvider
{
    public static readonly ProviderProfile About = new(
        "omdb",
        "OMDb",
        "Data from the OMDb API, licensed under CC BY-NC 4.0.",
        new Uri("https://www.omdbapi.com/"),
        new Uri("https://www.omdbapi.com/"),
        new Uri("https://m.media-amazon.com/"),
        ["m.media-amazon.com", "ia.media-imdb.com"],
        PerSecond: 5,
        TrialPath: "?i=tt0133093",
        KeyHint: "Eight letters and digits, from omdbapi.com/apikey.aspx.");

    private static readonly TimeSpan SearchLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLife = TimeSpan.FromDays(30);

    public OmdbProvider(ProviderChannel channel)
    {
        Channel = channel;
        channel.Authorize = request => request.RequestUri = new Uri($"{request.RequestUri!.AbsoluteUri}&apikey={Uri.EscapeDataString(channel.ApiKey)}");
        channel.TellsOfQuota = words => words.Contains("limit reached", StringComparison.OrdinalIgnoreCase);
    }

    public ProviderProfile Profile => About;

    public ProviderChannel Channel { get; }

    public ProviderStanding Standing => Channel.Standing;

    public bool Covers(MediaKind kind) => kind is MediaKind.Film or MediaKind.Series;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(WorkQuery work, CancellationToken cancellation)
    {
        var what = $"&type={(work.Kind == MediaKind.Film ? "movie" : "series")}";
        var title = Uri.EscapeDataString(work.Title);
        var year = work.Year is { } given ? string.Create(CultureInfo.InvariantCulture, $"&y={given}") : "";
        var found = await FoundAsync($"?s={title}{what}{year}", work.Anew, cancellation);
        if (found.Count == 0 && year.Length > 0)
        {
            found = await FoundAsync($"?s={title}{what}", work.Anew, cancellation);
        }

        // A search for a short title fails with "Too many results."; asked for by its title, one comes back.
        return found.Count > 0 ? found : await AnswerAsync($"?t={title}{what}{year}", SearchLife, work.Anew, cancellation) is { } one && Of(one.Json) is { } single ? [single] : [];
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool anew, CancellationToken cancellation)
    {
        if (!ImdbId().IsMatch(externalId) || await AnswerAsync($"?i={externalId}&plot=full", DetailsLife, anew, cancellation) is not { } found || Of(found.Json) is not { } work)
        {
            return null;
        }

        var (json, answer) = found;
        return new DetailedMetadata(
            About.Name, work.ExternalId, work.Title, null, work.Year, Told(json, "Plot", Read.LongestText),
            json.Figure("imdbRating") is { } rating and > 0 and <= 10 ? rating : null,
            Several(json, "Genre"), Several(json, "Actors"), json.Address("Poster"),
            new Dictionary<string, string> { ["imdb"] = work.ExternalId }, answer.FetchedAt, answer.IsStale)
        {
            Seasons = kind == MediaKind.Series && json.Figure("totalSeasons") is { } seasons and >= 1 and <= 200 ? [.. Enumerable.Range(1, (int)seasons)] : [],
        };
    }

    public async Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool anew, CancellationToken cancellation)
    {
        if (kind != MediaKind.Series || !ImdbId().IsMatch(externalId)
            || await AnswerAsync(string.Create(CultureInfo.InvariantCulture, $"?i={externalId}&Season={season}"), DetailsLife, anew, cancellation) is not { } found)
        {
            return [];
        }

        return
        [
            .. from episode in found.Json.Each("Episodes", 2000)
               let number = episode.Figure("Episode")
               where number is >= 0 and < 1e5
               select new PartMetadata(season, (int)number.Value, Told(episode, "Title"), null, episode.Figure("imdbRating") is { } rating and > 0 and <= 10 ? rating : null, episode.Day("Released")),
        ];
    }

    public Task<string?> ResolveAsync(MediaKind kind, string register, string id, CancellationToken cancellation) =>
        Task.FromResult(register is "imdb" && ImdbId().IsMatch(id) ? id : null);

    private async Task<IReadOnlyList<Metadata>> FoundAsync(string path, bool anew, CancellationToken cancellation) =>
        await AnswerAsync(path, SearchLife, anew, cancellation) is { } found ? [.. found.Json.Each("Search", 20).Select(Of).OfType<Metadata>()] : [];

    /// <summary>Null when it says that it has nothing, which it does with the word False.</summary>
    private async Task<(JsonElement Json, ProviderAnswer Answer)?> AnswerAsync(string path, TimeSpan life, bool anew, CancellationToken cancellation)
    {
        var answer = await Channel.GetAsync(path, life, anew, cancellation);
        return answer.Json() is { } json && json.Text("Response") == "True" ? (json, answer) : null;
    }

    private static Metadata? Of(JsonElement json) =>
        json.Text("imdbID", 20) is { } id && ImdbId().IsMatch(id) && Told(json, "Title") is { } title ? new Metadata(About.Name, id, title, null, json.Year("Year")) : null;

    private static string? Told(JsonElement json, string name, int longest = Read.LongestTitle) => json.Text(name, longest) is { } text && text != "N/A" ? text : null;

    private static string[] Several(JsonElement json, string name) => Told(json, name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    [GeneratedRegex(@"^tt\d{5,12}$")]
    private static partial Regex ImdbId();
}
