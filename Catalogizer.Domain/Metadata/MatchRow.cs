namespace Catalogizer.Domain.Metadata;

/// <summary>How an item came to its record, or why it has none.</summary>
public enum MatchState
{
    /// <summary>Nothing was found.</summary>
    None = 0,

    /// <summary>Found, but not surely: a person decides.</summary>
    Doubtful = 1,

    /// <summary>Taken because it was sure.</summary>
    Automatic = 2,

    /// <summary>Chosen by a person; no refresh changes it.</summary>
    Pinned = 3,

    /// <summary>A person wants none.</summary>
    LeftAlone = 4,
}

/// <summary>What an item is tied to. Row of <c>media_matches</c>.</summary>
public sealed class MatchRow
{
    public long ItemId { get; set; }

    public MatchState State { get; set; }

    public string? Provider { get; set; }

    public string? ExternalId { get; set; }

    /// <summary>0 to 1.</summary>
    public double Confidence { get; set; }

    /// <summary>Why it was taken, in words, with semicolons between.</summary>
    public string? Reasons { get; set; }

    /// <summary>The candidates, best first, as JSON: the second is the runner-up.</summary>
    public string? Candidates { get; set; }

    /// <summary>The title as the file names give it.</summary>
    public string? NameTitle { get; set; }

    public int? NameYear { get; set; }

    /// <summary>The epoch while nobody was asked.</summary>
    public DateTimeOffset CheckedAt { get; set; }

    public bool IsAsked => CheckedAt > DateTimeOffset.UnixEpoch;

    public IReadOnlyList<Candidate> ParseCandidates() =>
        Candidates is null ? [] : System.Text.Json.JsonSerializer.Deserialize<List<Candidate>>(Candidates) ?? [];
}

/// <summary>What a provider told of an item; kept while it is down. Row of <c>external_metadata</c>.</summary>
public sealed class ExternalMetadata
{
    public long ItemId { get; set; }

    public required string Provider { get; set; }

    public required string ExternalId { get; set; }

    /// <summary>A <see cref="DetailedMetadata"/> as JSON.</summary>
    public required string Payload { get; set; }

    public required string Language { get; set; }

    public DateTimeOffset FetchedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>A provider's answer to a question. Row of <c>provider_answers</c>.</summary>
public sealed class ProviderResponseRow
{
    public required string Key { get; set; }

    public string? Body { get; set; }

    public DateTimeOffset FetchedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>A picture in the data folder. Row of <c>artwork</c>.</summary>
public sealed class Artwork
{
    /// <summary>SHA-256 of what is kept, in lower-case hex; names its file.</summary>
    public required string Hash { get; set; }

    public required string SourceUrl { get; set; }

    public required string ContentType { get; set; }

    public long Size { get; set; }

    public DateTimeOffset FetchedAt { get; set; }
}
