using System.Text.Json.Serialization;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Metadata;

/// <summary>A public database of titles.</summary>
public interface IMetadataProvider
{
    ProviderProfile Profile { get; }

    /// <summary>Makes the calls; null for a provider whose data are imported.</summary>
    ProviderChannel? Channel { get; }

    /// <summary>Whether the provider is called, and the state of its calls.</summary>
    ProviderStatus Status { get; }

    bool Supports(MediaKind kind);

    /// <summary>Candidates for an item, the provider's best first; an empty result is not an error.</summary>
    /// <exception cref="ProviderException">The call failed and there is no cached response.</exception>
    Task<IReadOnlyList<Metadata>> SearchAsync(MetadataQuery query, CancellationToken cancellation);

    /// <summary>All metadata of one item; null when the provider has no entry with this id.</summary>
    /// <param name="forceRefresh">Calls the provider even if the cached response is still valid.</param>
    /// <exception cref="ProviderException">The call failed and there is no cached response.</exception>
    Task<DetailedMetadata?> DetailsAsync(MediaKind kind, string externalId, bool forceRefresh, CancellationToken cancellation);

    /// <summary>The parts of an item in a season (on a disc), with their numbers; empty where it has none.</summary>
    /// <exception cref="ProviderException">The call failed and there is no cached response.</exception>
    Task<IReadOnlyList<PartMetadata>> PartsAsync(MediaKind kind, string externalId, int season, bool forceRefresh, CancellationToken cancellation);

    /// <summary>The provider's own id for another database's id found in a name, such as an IMDb id; null when it has no such entry.</summary>
    Task<string?> ResolveIdAsync(MediaKind kind, string idType, string id, CancellationToken cancellation);
}

/// <summary>Fixed properties of a provider.</summary>
/// <param name="Name">Its name in settings, URLs and the API, in lower case.</param>
/// <param name="Attribution">Text that the provider wants displayed next to its data.</param>
/// <param name="ImageHosts">Hosts of its images; a name with a leading dot stands for all its subdomains.</param>
/// <param name="CallsPerSecond">Maximum number of calls per second.</param>
/// <param name="ProbePath">Path of a small call that shows whether the key is valid.</param>
/// <param name="KeyHint">What a key looks like and where to get one; null where none is needed.</param>
/// <param name="HasLanguageSetting">Whether calls request a language.</param>
public sealed record ProviderProfile(
    string Name, string Title, string Attribution, Uri Site, Uri BaseAddress, Uri ImageBaseAddress, IReadOnlyList<string> ImageHosts, double CallsPerSecond, string ProbePath,
    string? KeyHint = null, bool HasLanguageSetting = false)
{
    public bool NeedsKey => KeyHint is not null;
}

/// <summary>What is known of an item before it is matched.</summary>
/// <param name="Ids">Ids found in its names and NFO file, by database: tmdb, imdb, tvdb, musicbrainz.</param>
/// <param name="Artist">The artist of an album.</param>
public sealed record MetadataQuery(MediaKind Kind, string Title, int? Year, string? Artist, IReadOnlyDictionary<string, string> Ids)
{
    /// <summary>Whether to call the provider even if the cached result of a search is still valid.</summary>
    public bool ForceRefresh { get; init; }
}

/// <summary>An item as found by a search.</summary>
public sealed record Metadata(string Provider, string ExternalId, string Title, string? OriginalTitle, int? Year, string? Artist = null);

/// <summary>All metadata that a provider has of one item.</summary>
/// <param name="Rating">0 to 10.</param>
/// <param name="PosterUrl">URL on one of the provider's image hosts.</param>
/// <param name="Ids">The item's ids by database.</param>
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
    /// <summary>Requested language of the texts; <see cref="Languages.Undetermined"/> if the provider or file offers no choice.</summary>
    public string Language { get; init; } = Languages.Undetermined;

    /// <summary>Whether the file it was read from breaks off; it has the values that were complete before.</summary>
    public bool IsBroken { get; init; }

    /// <summary>Season numbers of a series; 0 for its specials.</summary>
    public IReadOnlyList<int> Seasons { get; init; } = [];

    /// <summary>Values that the provider lacks, by field: the name of the provider that supplied them.</summary>
    [JsonPropertyName("Lent")]
    public IReadOnlyDictionary<string, string> FilledFrom { get; init; } = new Dictionary<string, string>();
}

/// <summary>An episode or a track.</summary>
/// <param name="AiredOn">Null when the provider has no date yet.</param>
public sealed record PartMetadata(int Season, int Number, string? Title, string? Description, double? Rating, DateOnly? AiredOn = null);

/// <summary>Rate limit of a provider and what remains of it now.</summary>
public sealed record RateLimit(double CallsPerSecond, long Remaining, DateTimeOffset? ResumesAt);

/// <summary>State of a provider, in the order in which a user would deal with it.</summary>
public enum ProviderState
{
    Off,
    NoKey,
    KeyRejected,

    /// <summary>Its data have not been imported yet.</summary>
    NoData,

    /// <summary>It requested a pause.</summary>
    RateLimited,

    /// <summary>It failed several times and is not called for a while.</summary>
    CircuitOpen,

    /// <summary>The last call failed; the next one is allowed.</summary>
    Failing,

    /// <summary>It has not been called since the application started or its settings changed.</summary>
    NotTried,
    Ok,
}

/// <summary>State of a provider, with times and reason.</summary>
/// <param name="RetryAt">When calls are allowed again; null when they are allowed now or the time is not known.</param>
/// <param name="LastError">Why the last call failed; null when it did not fail.</param>
/// <param name="FailingSince">Since when all calls have failed; null while they succeed.</param>
/// <param name="AnsweredAt">Time of the last successful call; null when there was none.</param>
/// <param name="FailedAt">Time of the last failed call; null when there was none.</param>
public sealed record ProviderStatus(
    ProviderState State, RateLimit? Rate = null, DateTimeOffset? RetryAt = null, string? LastError = null, DateTimeOffset? FailingSince = null, DateTimeOffset? AnsweredAt = null, DateTimeOffset? FailedAt = null)
{
    /// <summary>Whether items are looked up there.</summary>
    public bool IsEnabled => State is not (ProviderState.Off or ProviderState.NoKey or ProviderState.NoData);

    /// <summary>Whether the last call failed.</summary>
    public bool IsFailing => State is ProviderState.KeyRejected or ProviderState.CircuitOpen or ProviderState.Failing;

    /// <summary>Whether a call is likely to succeed now.</summary>
    public bool IsReady => State is ProviderState.Ok or ProviderState.NotTried;
}

/// <summary>A call to a provider failed, for a reason that may be temporary.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1710", Justification = "A fault is what the project calls it, as at sources.")]
public sealed class ProviderException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the provider rejected the key.</summary>
    public bool IsKeyRejected { get; init; }
}
