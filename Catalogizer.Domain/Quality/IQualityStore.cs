using System.Text.Json;
using Catalogizer.Domain.Quality.Contents;
using Catalogizer.Domain.Upkeep;

namespace Catalogizer.Domain.Quality;

/// <summary>Keeps which copies were looked into and what was found.</summary>
public interface IQualityStore
{
    /// <summary>Whether somebody read for a page within the last second.</summary>
    bool IsBeingRead { get; }

    /// <summary>The next copies to look into, the newest first.</summary>
    /// <param name="before">Only copies with lower ids.</param>
    /// <returns>Null while a first scan is under way.</returns>
    Task<AnalysisBatch?> NextAsync(long before, int count, CancellationToken cancellation);

    /// <summary>How many of the copies that can be read now are still to be looked into; null while a first scan is under way.</summary>
    /// <param name="hasProbe">Whether films and music can be looked into, too.</param>
    Task<BacklogCount?> CountAsync(bool hasProbe, CancellationToken cancellation);

    /// <summary>Those of an item's own copies that are to be looked into.</summary>
    Task<AnalysisBatch?> ForItemAsync(long itemId, CancellationToken cancellation);

    /// <summary>Writes what was found in one batch, and what follows from it for the items.</summary>
    Task SaveAsync(IReadOnlyList<Analysis> analyses, CancellationToken cancellation);

    /// <summary>The next copies as they stand in the catalogue, the newest first.</summary>
    /// <returns>Null while a first scan is under way.</returns>
    Task<StoredBatch?> NextStoredAsync(long before, int count, CancellationToken cancellation);

    /// <summary>Gives copies other scores, and their items what follows from them.</summary>
    Task RescoreAsync(IReadOnlyList<(long VersionId, double Score)> scores, CancellationToken cancellation);

    /// <summary>Copies that are there and could not be looked into, the last tried first.</summary>
    /// <param name="sourceId">Null: of every source.</param>
    Task<IReadOnlyList<FailedAnalysis>> ListFailedAsync(long? sourceId, int count, CancellationToken cancellation);

    /// <summary>How many they are, by source.</summary>
    Task<IReadOnlyDictionary<long, long>> CountFailedAsync(CancellationToken cancellation);

    /// <summary>What is known of the looks into an item's copies, by version.</summary>
    Task<IReadOnlyDictionary<long, AnalysisState>> StatesAsync(long itemId, CancellationToken cancellation);
}

/// <param name="Before">Where to go on; 0 when these were the last.</param>
public sealed record AnalysisBatch(IReadOnlyList<AnalysisCandidate> Candidates, long Before);

/// <param name="Before">Where to go on; 0 when these were the last.</param>
public sealed record StoredBatch(IReadOnlyList<StoredQuality> Versions, long Before);

/// <summary>What the catalogue says of a copy's quality.</summary>
/// <param name="Measured">What was found in the file; null when only its name was read.</param>
public sealed record StoredQuality(long VersionId, string Path, long Size, double Score, MediaProperties? Measured);

/// <summary>A copy to look into, by its first file.</summary>
public sealed record AnalysisCandidate(long VersionId, long SourceId, string Path, long Size, long ModifiedAt, int Files, int Attempts);

/// <summary>What came of a look into a copy.</summary>
/// <param name="Quality">Null for what has none, and when it failed.</param>
/// <param name="Result">Null when it failed.</param>
/// <param name="Error">Why it failed, for people.</param>
/// <param name="RetryAt">When another try may go better; null when none would.</param>
public sealed record Analysis(AnalysisCandidate Candidate, QualityMetrics? Quality, ProbeResult? Result, string? Error, DateTimeOffset At, DateTimeOffset? RetryAt);

/// <summary>A copy that could not be looked into.</summary>
/// <param name="Path">Of its first file.</param>
/// <param name="RetryAt">When it is tried again; null: once the file changes.</param>
public sealed record FailedAnalysis(long VersionId, long ItemId, string Title, long SourceId, string Source, string Path, string Error, DateTimeOffset At, int Attempts, DateTimeOffset? RetryAt);

/// <summary>What a look into a copy left behind. Row of <c>version_analyses</c>.</summary>
public sealed class AnalysisState
{
    /// <summary>What a look takes in now. Copies that were looked into by an earlier one are looked into again.</summary>
    public const int CurrentRevision = 1;

    public long VersionId { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Looks that failed, in a row.</summary>
    public int Tries { get; set; }

    public string? Error { get; set; }

    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>Bytes read over the network; null for a file of this machine.</summary>
    public long? BytesRead { get; set; }

    /// <summary>The file's size when it was looked into; another means that it changed.</summary>
    public long Size { get; set; }

    /// <summary>The file's time then, in Unix milliseconds.</summary>
    public long ModifiedAt { get; set; }

    public int? Width { get; set; }

    public int? Height { get; set; }

    public double? FrameRate { get; set; }

    public long? VideoBitrate { get; set; }

    public string? Container { get; set; }

    /// <summary>By which <see cref="CurrentRevision"/> it was looked into.</summary>
    public int Look { get; set; }

    /// <summary>Whether a picture, such as a cover, is kept in it.</summary>
    public bool HasPicture { get; set; }

    /// <summary><see cref="FileContents"/> as JSON; null for what holds no other files.</summary>
    public string? Contents { get; set; }

    /// <summary>What lies in the file; null for what holds no other files.</summary>
    public FileContents? ParseContents() => Contents is null ? null : JsonSerializer.Deserialize<FileContents>(Contents);
}
