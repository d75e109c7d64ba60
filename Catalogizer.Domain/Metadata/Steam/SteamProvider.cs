using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Metadata.Steam;

/// <summary>Games from the Steam store, which wants no key and no more than two hundred questions in five minutes.</summary>
internal sealed partial class SteamProvider(ProviderChannel channel) : IMetadataProvider
{
    public static readonly ProviderProfile About = new(
        "steam",
        "Steam",
        "Game data and pictures from the Steam store, © Valve Corporation. Steam and the Steam logo are trademarks of Valve Corporation.",
        new Uri("https://store.steampowered.com/"),
        new Uri("https://store.steampowered.com/api/"),
        new Uri("https://shared.akamai.steamstatic.com/"),
        [".steamstatic.com", "steamcdn-a.akamaihd.net"],
        PerSecond: 0.6,
        TrialPath: "appdetails?appids=620&filters=basic",
        SpeaksLanguages: true);

    private static readonly TimeSpan SearchLife = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLife = TimeSpan.FromDays(30);

    public ProviderProfile Profile => About;

    public ProviderChannel Channel => channel;

    public ProviderStanding Standing => channel.Standing;

    public bool Covers(MediaKind kind) => kind == MediaKind.Game;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(WorkQuery work, CancellationToken cancellation)
    {
        var answer = await channel.GetAsync($"storesearch/?term={Uri.EscapeDataString(work.Title)}&l={Languages.Word(channel.Language)}&cc=US", SearchLife, work.Anew, cancellation);
        return answer.Json() is not { } json
            ? []
            : [.. from item in json.Each("items", 20)
                  let id = item.Id()
                  let title = Name(item)
                  where id is not null && title is not null && item.Text("type") is null or "app" or "game"
                  select new Metadata(About.Name, id!, title!, null, null)];
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool anew, CancellationToken cancellation)
    {
        if (!WholeNumber().IsMatch(externalId))
        {
            return null;
        }

        var language = channel.Language;
        var answer = await channel.GetAsync($"appdetails?appids={externalId}&l={Languages.Word(language)}&cc=US", DetailsLife, anew, cancellation);
        if (answer.Json() is not { } json || json.Part(externalId).Part("data") is var data && Name(data) is null)
        {
            return null;
        }

        return new DetailedMetadata(
            About.Name, externalId, Name(data)!, null, Year().Match(data.Part("release_date").Text("date") ?? "") is { Success: true } year ? int.Parse(year.Value, CultureInfo.InvariantCulture) : null,
            data.Text("short_description", Read.LongestText) is { } told ? System.Net.WebUtility.HtmlDecode(told) : null,
            data.Part("metacritic").Number("score") is { } score and > 0 and <= 100 ? Math.Round(score / 10, 1) : null,
            [.. data.Each("genres").Select(g => g.Text("description", 100)).OfType<string>()],
            [.. data.Each("developers").Where(d => d.ValueKind == JsonValueKind.String).Select(d => d.GetString()!)],
            data.Address("header_image"), new Dictionary<string, string> { ["steam"] = externalId }, answer.FetchedAt, answer.IsStale)
        {
            Language = language,
        };
    }

    public Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool anew, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PartMetadata>>([]);

    public Task<string?> ResolveAsync(MediaKind kind, string register, string id, CancellationToken cancellation) =>
        Task.FromResult(register == About.Name && WholeNumber().IsMatch(id) ? id : null);

    /// <summary>Without the signs of trade marks, which no file name has.</summary>
    private static string? Name(JsonElement json) => json.Text("name") is { } name ? Signs().Replace(name, "").Trim() is { Length: > 0 } bare ? bare : null : null;

    [GeneratedRegex(@"^\d{1,12}$")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"\b(19|20)\d\d\b")]
    private static partial Regex Year();

    [GeneratedRegex("[™®©]")]
    private static partial Regex Signs();
}
