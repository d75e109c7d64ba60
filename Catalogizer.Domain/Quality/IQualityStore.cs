using System.Text.Json;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Quality.Contents;

namespace Catalogizer.Domain.Quality;

/// <summary>Stores which versions were analysed and the results.</summary>
public interface IQualityStore
{
    /// <summary>Whether a page has read from the database within the last second.</summary>
    bool IsBeingRead { get; }

    /// <summary>The next versions to analyse, newest first.</summary>
    /// <param name="before">Only versions with lower ids.</param>
    /// <returns>Null while a first scan runs.</returns>
    Task<AnalysisBatch?> NextAsync(long before, int count, CancellationToken cancellation);

    /// <summary>Counts the versions that can be read now and are still to be analysed; null while a first scan runs.</summary>
    /// <param name="hasProbe">Whether films and music can be analysed, too.</param>
    Task<BacklogCount?> CountAsync(bool hasProbe, CancellationToken cancellation);

    /// <summary>The versions of the item itself that are to be analysed; null while a first scan runs.</summary>
    Task<AnalysisBatch?> ForItemAsync(long itemId, CancellationToken cancellation);

    /// <summary>Saves results and updates the items accordingly, in one batch.</summary>
    Task SaveAsync(IReadOnlyList<Analysis> analyses, CancellationToken cancellation);

    /// <summary>The next versions with their stored quality, newest first.</summary>
    /// <returns>Null while a first scan runs.</returns>
    Task<StoredBatch?> NextStoredAsync(long before, int count, CancellationToken cancellation);

    /// <summary>Saves new scores and updates the items accordingly.</summary>
    Task RescoreAsync(IReadOnlyList<(long VersionId, double Score)> scores, CancellationToken cancellation);

    /// <summary>Available versions whose analysis failed, the latest attempt first.</summary>
    /// <param name="sourceId">Null for all sources.</param>
    Task<IReadOnlyList<FailedAnalysis>> ListFailedAsync(long? sourceId, int count, CancellationToken cancellation);

    /// <summary>Number of versions whose analysis failed, by source id.</summary>
    Task<IReadOnlyDictionary<long, long>> CountFailedAsync(CancellationToken cancellation);

    /// <summary>Analysis states of an item's versions, by version id.</summary>
    Task<IReadOnlyDictionary<long, AnalysisState>> StatesAsync(long itemId, CancellationToken cancellation);
}

/// <param name="Before">Upper limit of ids for the next batch; 0 after the last one.</param>
public sealed record AnalysisBatch(IReadOnlyList<AnalysisCandidate> Candidates, long Before);

/// <param name="Before">Upper limit of ids for the next batch; 0 after the last one.</param>
public sealed record StoredBatch(IReadOnlyList<StoredQuality> Versions, long Before);

/// <summary>Quality of a version as stored in the catalogue.</summary>
/// <param name="Measured">Properties found in the file; null when only its name was read.</param>
public sealed record StoredQuality(long VersionId, string Path, long Size, double Score, MediaProperties? Measured);

/// <summary>A version to analyse, by its first file.</summary>
public sealed record AnalysisCandidate(long VersionId, long SourceId, string Path, long Size, long ModifiedAt, int Files, int Attempts);

/// <summary>Result of the analysis of a version.</summary>
/// <param name="Quality">Null for files without media properties, and when the analysis failed.</param>
/// <param name="Result">Null when the analysis failed.</param>
/// <param name="Error">Why the analysis failed, for users.</param>
/// <param name="RetryAt">Time of the next attempt; null when there is none.</param>
public sealed record Analysis(AnalysisCandidate Candidate, QualityMetrics? Quality, ProbeResult? Result, string? Error, DateTimeOffset At, DateTimeOffset? RetryAt);

/// <summary>A version whose analysis failed.</summary>
/// <param name="Path">Path of its first file.</param>
/// <param name="RetryAt">Time of the next attempt; null when there is none until the file changes.</param>
public sealed record FailedAnalysis(long VersionId, long ItemId, string Title, long SourceId, string Source, string Path, string Error, DateTimeOffset At, int Attempts, DateTimeOffset? RetryAt);

/// <summary>Last analysis of a version. Row of <c>version_analyses</c>.</summary>
public sealed class AnalysisState
{
    /// <summary>Revision of what an analysis reads. Versions analysed with an earlier revision are analysed again.</summary>
    public const int CurrentRevision = 1;

    public long VersionId { get; set; }

    public DateTimeOffset At { get; set; }

    /// <summary>Number of consecutive failed attempts.</summary>
    public int Tries { get; set; }

    public string? Error { get; set; }

    public DateTimeOffset? RetryAt { get; set; }

    /// <summary>Number of bytes read over the network; null for a file on this server.</summary>
    public long? BytesRead { get; set; }

    /// <summary>The file's size in bytes at the analysis; another size means that it has changed.</summary>
    public long Size { get; set; }

    /// <summary>The file's modification time at the analysis, in Unix milliseconds.</summary>
    public long ModifiedAt { get; set; }

    public int? Width { get; set; }

    public int? Height { get; set; }

    public double? FrameRate { get; set; }

    public long? VideoBitrate { get; set; }

    public string? Container { get; set; }

    /// <summary>The <see cref="CurrentRevision"/> with which it was analysed.</summary>
    public int Look { get; set; }

    /// <summary>Whether an image, such as a cover, is embedded in the file.</summary>
    public bool HasPicture { get; set; }

    /// <summary><see cref="FileContents"/> as JSON; null for files that contain no other files.</summary>
    public string? Contents { get; set; }

    /// <summary>The contents of the file; null for files that contain no other files.</summary>
    public FileContents? ParseContents() => Contents is null ? null : JsonSerializer.Deserialize<FileContents>(Contents);
}
