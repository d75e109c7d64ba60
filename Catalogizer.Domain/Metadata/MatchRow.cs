namespace Catalogizer.Domain.Metadata;

/// <summary>How an item was matched, or why it has no match.</summary>
public enum MatchState
{
    /// <summary>No good candidate was found.</summary>
    None = 0,

    /// <summary>A candidate was found, but it is not certain: a user decides.</summary>
    Doubtful = 1,

    /// <summary>Matched because the confidence was high.</summary>
    Automatic = 2,

    /// <summary>Chosen by a user; no refresh changes it.</summary>
    Pinned = 3,

    /// <summary>A user does not want a match.</summary>
    LeftAlone = 4,
}

/// <summary>The match of an item. Row of <c>media_matches</c>.</summary>
public sealed class MatchRow
{
    public long ItemId { get; set; }

    public MatchState State { get; set; }

    public string? Provider { get; set; }

    public string? ExternalId { get; set; }

    /// <summary>0 to 1.</summary>
    public double Confidence { get; set; }

    /// <summary>Reasons for the state, in words, separated by semicolons.</summary>
    public string? Reasons { get; set; }

    /// <summary>The candidates, best first, as JSON: the second is the runner-up.</summary>
    public string? Candidates { get; set; }

    /// <summary>The title as the file names give it.</summary>
    public string? NameTitle { get; set; }

    public int? NameYear { get; set; }

    /// <summary>Time of the last lookup; the Unix epoch before the first one.</summary>
    public DateTimeOffset CheckedAt { get; set; }

    public bool IsAsked => CheckedAt > DateTimeOffset.UnixEpoch;

    public IReadOnlyList<Candidate> ParseCandidates() =>
        Candidates is null ? [] : System.Text.Json.JsonSerializer.Deserialize<List<Candidate>>(Candidates) ?? [];
}

/// <summary>Metadata of an item from one provider, stored so that they are available while it is down. Row of <c>external_metadata</c>.</summary>
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

/// <summary>A cached response of a provider. Row of <c>provider_answers</c>.</summary>
public sealed class ProviderResponseRow
{
    public required string Key { get; set; }

    public string? Body { get; set; }

    public DateTimeOffset FetchedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>An image in the data folder. Row of <c>artwork</c>.</summary>
public sealed class Artwork
{
    /// <summary>SHA-256 of the stored bytes, in lower-case hex; also the name of the file.</summary>
    public required string Hash { get; set; }

    public required string SourceUrl { get; set; }

    public required string ContentType { get; set; }

    public long Size { get; set; }

    public DateTimeOffset FetchedAt { get; set; }
}
