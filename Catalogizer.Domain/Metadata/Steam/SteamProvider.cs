using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Metadata.Steam;

/// <summary>Games from the Steam store, which requires no key and allows 200 calls in five minutes.</summary>
internal sealed partial class SteamProvider(ProviderChannel channel) : IMetadataProvider
{
    public static readonly ProviderProfile Definition = new(
        "steam",
        "Steam",
        "Game data and pictures from the Steam store, © Valve Corporation. Steam and the Steam logo are trademarks of Valve Corporation.",
        new Uri("https://store.steampowered.com/"),
        new Uri("https://store.steampowered.com/api/"),
        new Uri("https://shared.akamai.steamstatic.com/"),
        [".steamstatic.com", "steamcdn-a.akamaihd.net"],
        CallsPerSecond: 0.6,
        ProbePath: "appdetails?appids=620&filters=basic",
        HasLanguageSetting: true);

    private static readonly TimeSpan SearchLifetime = TimeSpan.FromDays(1);
    private static readonly TimeSpan DetailsLifetime = TimeSpan.FromDays(30);

    public ProviderProfile Profile => Definition;

    public ProviderChannel Channel => channel;

    public ProviderStatus Status => channel.Status;

    public bool Supports(MediaKind kind) => kind == MediaKind.Game;

    public async Task<IReadOnlyList<Metadata>> SearchAsync(MetadataQuery query, CancellationToken cancellation)
    {
        var response = await channel.GetAsync($"storesearch/?term={Uri.EscapeDataString(query.Title)}&l={Languages.ToSteamName(channel.Language)}&cc=US", SearchLifetime, query.ForceRefresh, cancellation);
        return response.ParseJson() is not { } json
            ? []
            : [.. from item in json.GetItems("items", 20)
                  let id = item.GetId()
                  let title = GetTitle(item)
                  where id is not null && title is not null && item.GetText("type") is null or "app" or "game"
                  select new Metadata(Definition.Name, id!, title!, null, null)];
    }

    public async Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool forceRefresh, CancellationToken cancellation)
    {
        if (!WholeNumber().IsMatch(externalId))
        {
            return null;
        }

        var language = channel.Language;
        var response = await channel.GetAsync($"appdetails?appids={externalId}&l={Languages.ToSteamName(language)}&cc=US", DetailsLifetime, forceRefresh, cancellation);
        if (response.ParseJson() is not { } json || json.GetPropertyOrDefault(externalId).GetPropertyOrDefault("data") is var data && GetTitle(data) is null)
        {
            return null;
        }

        return new DetailedMetadata(
            Definition.Name, externalId, GetTitle(data)!, null, YearPattern().Match(data.GetPropertyOrDefault("release_date").GetText("date") ?? "") is { Success: true } year ? int.Parse(year.Value, CultureInfo.InvariantCulture) : null,
            data.GetText("short_description", JsonElementExtensions.MaxTextLength) is { } description ? System.Net.WebUtility.HtmlDecode(description) : null,
            data.GetPropertyOrDefault("metacritic").GetNumber("score") is { } score and > 0 and <= 100 ? Math.Round(score / 10, 1) : null,
            [.. data.GetItems("genres").Select(g => g.GetText("description", 100)).OfType<string>()],
            [.. data.GetItems("developers").Where(d => d.ValueKind == JsonValueKind.String).Select(d => d.GetString()!)],
            data.GetAddress("header_image"), new Dictionary<string, string> { ["steam"] = externalId }, response.FetchedAt, response.IsStale)
        {
            Language = language,
        };
    }

    public Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool forceRefresh, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<PartMetadata>>([]);

    public Task<string?> ResolveIdAsync(MediaKind kind, string idType, string id, CancellationToken cancellation) =>
        Task.FromResult(idType == Definition.Name && WholeNumber().IsMatch(id) ? id : null);

    /// <summary>Removes trademark signs, which no file name has.</summary>
    private static string? GetTitle(JsonElement json) => json.GetText("name") is { } name ? TrademarkSigns().Replace(name, "").Trim() is { Length: > 0 } title ? title : null : null;

    [GeneratedRegex(@"^\d{1,12}$")]
    private static partial Regex WholeNumber();

    [GeneratedRegex(@"\b(19|20)\d\d\b")]
    private static partial Regex YearPattern();

    [GeneratedRegex("[™®©]")]
    private static partial Regex TrademarkSigns();
}
