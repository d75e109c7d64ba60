using System.Text.Json;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Metadata;

/// <summary>A public database of works.</summary>
public interface IMetadataProvider
{
    ProviderProfile Profile { get; }

    bool Covers(MediaKind kind);

    /// <summary>Candidates for a work, the provider's best first; none is an answer, not a fault.</summary>
    /// <exception cref="ProviderFault">It did not answer, and nothing is kept from before.</exception>
    Task<IReadOnlyList<Metadata>> SearchAsync(WorkQuery work, CancellationToken cancellation);

    /// <summary>Everything about one work; null when the provider has none of that id.</summary>
    /// <param name="anew">Asks the provider even if what is kept is still good.</param>
    /// <exception cref="ProviderFault">It did not answer, and nothing is kept from before.</exception>
    Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool anew, CancellationToken cancellation);

    /// <summary>The parts of a work by season (disc) and number; empty where it has none.</summary>
    /// <exception cref="ProviderFault">It did not answer, and nothing is kept from before.</exception>
    Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool anew, CancellationToken cancellation);

    /// <summary>The provider's own id for an id of another register found in a name, such as IMDb's; null when it knows none.</summary>
    Task<string?> ResolveAsync(MediaKind kind, string register, string id, CancellationToken cancellation);
}

/// <summary>What is fixed about a provider.</summary>
/// <param name="Name">Its name in settings, addresses and the API, in lower case.</param>
/// <param name="Attribution">What it asks to be shown where its words are.</param>
/// <param name="ImageHosts">The hosts its pictures come from; a name with a leading dot stands for every host below it.</param>
/// <param name="PerSecond">The most calls a second it is sent.</param>
public sealed record ProviderProfile(
    string Name, string Title, string Attribution, Uri Site, Uri BaseAddress, Uri ImageBaseAddress, IReadOnlyList<string> ImageHosts, double PerSecond, bool NeedsKey);

/// <summary>What is known of a work before it is matched.</summary>
/// <param name="Ids">Ids found in its names, by register: tmdb, imdb, tvdb, musicbrainz.</param>
/// <param name="Artist">Of an album.</param>
public sealed record WorkQuery(MediaKind Kind, string Title, int? Year, string? Artist, IReadOnlyDictionary<string, string> Ids);

/// <summary>A work as a search finds it.</summary>
public sealed record Metadata(string Provider, string ExternalId, string Title, string? OriginalTitle, int? Year, string? Artist = null);

/// <summary>Everything a provider tells of one work.</summary>
/// <param name="Rating">0 to 10.</param>
/// <param name="PosterUrl">An address at one of the provider's picture hosts.</param>
/// <param name="Ids">The work's ids in other registers.</param>
public sealed record DetailedMetadata(
    string Provider,
    string ExternalId,
    string Title,
    string? OriginalTitle,
    int? Year,
    string? Description,
    double? Rating,
    IReadOnlyList<string> Genres,
    IReadOnlyList<string> People,
    string? PosterUrl,
    IReadOnlyDictionary<string, string> Ids,
    DateTimeOffset FetchedAt,
    bool IsStale);

/// <summary>An episode or a track.</summary>
public sealed record PartMetadata(int Season, int Number, string? Title, string? Description, double? Rating);

/// <summary>How much of its rate a provider has left.</summary>
public sealed record RateLimit(double PerSecond, long Remaining, DateTimeOffset? ResumesAt);

/// <summary>A provider did not answer as it should, for a reason that may pass.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1710", Justification = "A fault is what the project calls it, as at sources.")]
public sealed class ProviderFault(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Reads what providers send without believing that it is well formed.</summary>
internal static class Read
{
    public const int LongestTitle = 500;
    public const int LongestText = 20_000;

    public static string? Text(this JsonElement element, string name, int longest = LongestTitle)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String || value.GetString()?.Trim() is not { Length: > 0 } text)
        {
            return null;
        }

        text = string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t'));
        return text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }

    public static string? Id(this JsonElement element, string name = "id") =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.ValueKind switch { JsonValueKind.Number => value.GetRawText(), JsonValueKind.String => element.Text(name, 100), _ => null }
            : null;

    public static double? Number(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    public static int? Whole(this JsonElement element, string name) => element.Number(name) is { } number && Math.Abs(number) < 1e6 ? (int)number : null;

    /// <summary>The year at the head of a date.</summary>
    public static int? Year(this JsonElement element, string name) =>
        element.Text(name) is { Length: >= 4 } date && int.TryParse(date.AsSpan(0, 4), System.Globalization.NumberStyles.None, null, out var year) && year is >= 1800 and <= 2200 ? year : null;

    public static IEnumerable<JsonElement> Each(this JsonElement element, string name, int most = 50) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Take(most) : [];

    public static JsonElement Part(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var part) ? part : default;

    /// <summary>A rating out of ten; none where nobody voted.</summary>
    public static double? Rating(this JsonElement element, string name, string? votes = null) =>
        element.Number(name) is { } rating and > 0 and <= 10 && (votes is null || element.Number(votes) is not 0) ? Math.Round(rating, 1) : null;
}
