using System.Text.Json.Serialization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Metadata;

/// <summary>A public database of works.</summary>
public interface IMetadataProvider
{
    ProviderProfile Profile { get; }

    /// <summary>The way to it; null for one whose data lie here.</summary>
    ProviderChannel? Channel { get; }

    /// <summary>Whether it is asked, and how it stands.</summary>
    ProviderStatus Status { get; }

    bool Supports(MediaKind kind);

    /// <summary>Candidates for a work, the provider's best first; none is an answer, not a fault.</summary>
    /// <exception cref="ProviderException">It did not answer, and nothing is kept from before.</exception>
    Task<IReadOnlyList<Metadata>> SearchAsync(MetadataQuery query, CancellationToken cancellation);

    /// <summary>Everything about one work; null when the provider has none of that id.</summary>
    /// <param name="forceRefresh">Asks the provider even if what is kept is still good.</param>
    /// <exception cref="ProviderException">It did not answer, and nothing is kept from before.</exception>
    Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool forceRefresh, CancellationToken cancellation);

    /// <summary>The parts of a work by season (disc) and number; empty where it has none.</summary>
    /// <exception cref="ProviderException">It did not answer, and nothing is kept from before.</exception>
    Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool forceRefresh, CancellationToken cancellation);

    /// <summary>The provider's own id for an id of another register found in a name, such as IMDb's; null when it knows none.</summary>
    Task<string?> ResolveIdAsync(MediaKind kind, string idType, string id, CancellationToken cancellation);
}

/// <summary>What is fixed about a provider.</summary>
/// <param name="Name">Its name in settings, addresses and the API, in lower case.</param>
/// <param name="Attribution">What it asks to be shown where its words are.</param>
/// <param name="ImageHosts">The hosts its pictures come from; a name with a leading dot stands for every host below it.</param>
/// <param name="CallsPerSecond">The most calls a second it is sent.</param>
/// <param name="ProbePath">What is asked to see whether the key is right.</param>
/// <param name="KeyHint">What a key of it looks like and where one comes from; null where none is needed.</param>
/// <param name="HasLanguageSetting">Whether it is told the language that is wanted.</param>
public sealed record ProviderProfile(
    string Name, string Title, string Attribution, Uri Site, Uri BaseAddress, Uri ImageBaseAddress, IReadOnlyList<string> ImageHosts, double CallsPerSecond, string ProbePath,
    string? KeyHint = null, bool HasLanguageSetting = false)
{
    public bool NeedsKey => KeyHint is not null;
}

/// <summary>What is known of a work before it is matched.</summary>
/// <param name="Ids">Ids found in its names, by register: tmdb, imdb, tvdb, musicbrainz.</param>
/// <param name="Artist">Of an album.</param>
public sealed record MetadataQuery(MediaKind Kind, string Title, int? Year, string? Artist, IReadOnlyDictionary<string, string> Ids)
{
    /// <summary>Whether the provider is asked even if what is kept of a search is still good.</summary>
    public bool ForceRefresh { get; init; }
}

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
    bool IsStale)
{
    /// <summary>The language its texts were asked for in; <see cref="Languages.Undetermined"/> from a provider or a file that is not asked for one.</summary>
    public string Language { get; init; } = Languages.Undetermined;

    /// <summary>Whether it is of a file that breaks off; it has what was whole before.</summary>
    public bool IsBroken { get; init; }

    /// <summary>The seasons of a series, 0 for its specials.</summary>
    public IReadOnlyList<int> Seasons { get; init; } = [];

    /// <summary>Values that the provider lacks, by field: the name of the one that had them.</summary>
    [JsonPropertyName("Lent")]
    public IReadOnlyDictionary<string, string> FilledFrom { get; init; } = new Dictionary<string, string>();
}

/// <summary>An episode or a track.</summary>
/// <param name="AiredOn">Null where nobody has set a day yet.</param>
public sealed record PartMetadata(int Season, int Number, string? Title, string? Description, double? Rating, DateOnly? AiredOn = null);

/// <summary>How much of its rate a provider has left.</summary>
public sealed record RateLimit(double CallsPerSecond, long Remaining, DateTimeOffset? ResumesAt);

/// <summary>How a provider stands, in the order of what a person would see to first.</summary>
public enum ProviderState
{
    Off,
    NoKey,
    KeyRejected,

    /// <summary>Its data have not been brought here yet.</summary>
    NoData,

    /// <summary>It asked for a pause.</summary>
    RateLimited,

    /// <summary>It failed several times and is left in peace for a while.</summary>
    CircuitOpen,

    /// <summary>The last call failed, and the next may go out.</summary>
    Failing,

    /// <summary>It was not asked since the program started or its settings changed.</summary>
    NotTried,
    Ok,
}

/// <summary>How a provider stands.</summary>
/// <param name="RetryAt">When it is asked again; null when it may be asked now, or nobody knows.</param>
/// <param name="LastError">Why the last call failed; null when it did not.</param>
/// <param name="FailingSince">Since when no call succeeded; null while they do.</param>
/// <param name="AnsweredAt">When it last answered; null when it did not yet.</param>
/// <param name="FailedAt">When a call last failed; null when none did.</param>
public sealed record ProviderStatus(
    ProviderState State, RateLimit? Rate = null, DateTimeOffset? RetryAt = null, string? LastError = null, DateTimeOffset? FailingSince = null, DateTimeOffset? AnsweredAt = null, DateTimeOffset? FailedAt = null)
{
    /// <summary>Whether works are looked up there.</summary>
    public bool IsEnabled => State is not (ProviderState.Off or ProviderState.NoKey or ProviderState.NoData);

    /// <summary>Whether the last call failed.</summary>
    public bool IsFailing => State is ProviderState.KeyRejected or ProviderState.CircuitOpen or ProviderState.Failing;

    /// <summary>Whether there is sense in asking it right now.</summary>
    public bool IsReady => State is ProviderState.Ok or ProviderState.NotTried;
}

/// <summary>A provider did not answer as it should, for a reason that may pass.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1710", Justification = "A fault is what the project calls it, as at sources.")]
public sealed class ProviderException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it refused the key.</summary>
    public bool IsKeyRejected { get; init; }
}
