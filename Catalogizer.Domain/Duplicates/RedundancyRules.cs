using Catalogizer.Domain.Library;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Duplicates;

/// <summary>A file in a group of duplicates.</summary>
/// <param name="SystemId">The file's number in its file system; paths with the same number on a source are one file.</param>
internal sealed record DuplicateFile(long Id, long SourceId, SourcePurpose Purpose, long? SystemId, int Presence, long FirstSeenAt);

/// <summary>A version of an item, to be compared with its other versions.</summary>
internal sealed record RankedVersion(long Id, long SourceId, SourcePurpose Purpose, string? Label, double Score, long Size)
{
    public QualityOrigin QualityFrom { get; init; }

    /// <summary>Whether it was there when its folder was listed last.</summary>
    public bool IsPresent { get; init; } = true;

    /// <summary>Whether its own name tells which work it is: by a year, an id, an artist or an author.</summary>
    public bool IsNamedCertainly { get; init; } = true;

    public double? DurationSeconds { get; init; }

    public string? Resolution { get; init; }

    public string? VideoCodec { get; init; }

    public string? AudioCodec { get; init; }

    /// <summary>SHA-256 of its only media file; null when there are several or it has not been read completely.</summary>
    public string? Contents { get; init; }

    /// <summary>Whether other paths lead to one of its files, so that removing this one frees nothing.</summary>
    public bool IsLinked { get; init; }
}

/// <summary>
/// Decides which files or versions can be deleted. Those on a backup source are never included: duplicates are
/// their purpose. Of files, one always stays: preferably on a main source, then an available one, then the one seen first.
/// </summary>
internal static class RedundancyRules
{
    private const double TelevisionSpeed = 25.0 / 24;

    public static HashSet<long> FindRedundant(IReadOnlyCollection<DuplicateFile> files)
    {
        var ranked = files.OrderBy(f => f.Purpose switch { SourcePurpose.Main => 0, SourcePurpose.Archive => 1, _ => 2 })
            .ThenBy(f => f.Presence).ThenBy(f => f.FirstSeenAt).ThenBy(f => f.Id);
        var (seenFiles, redundant) = (new HashSet<(long, long)>(), new HashSet<long>());
        var isFirst = true;
        foreach (var file in ranked)
        {
            var isDistinct = file.SystemId is not { } number || seenFiles.Add((file.SourceId, number));
            if (!isFirst && isDistinct && file.Purpose != SourcePurpose.Backup)
            {
                redundant.Add(file.Id);
            }

            isFirst = false;
        }

        return redundant;
    }

    /// <summary>
    /// Versions that another one of the same label surpasses, when the same is known of both and the bytes would come back. Versions
    /// with the same bytes are as good as the best of them, whatever their names say. A version on a backup source surpasses none.
    /// </summary>
    public static HashSet<long> FindRedundant(IReadOnlyCollection<RankedVersion> versions)
    {
        var redundant = new HashSet<long>();
        foreach (var group in versions.GroupBy(v => v.Label ?? "", StringComparer.OrdinalIgnoreCase))
        {
            foreach (var version in group.Where(v => v.Purpose != SourcePurpose.Backup && !v.IsLinked))
            {
                var score = group.Where(v => v.Id == version.Id || (v.Contents is not null && v.Contents == version.Contents)).Max(v => v.Score);
                if (group.Any(better => better.Purpose != SourcePurpose.Backup && better.IsPresent && better.Score > score && IsComparable(better, version)))
                {
                    redundant.Add(version.Id);
                }
            }
        }

        return redundant;
    }

    /// <summary>Whether the same is known of both: scores count what is not known as nothing, and a name without a year may be that of another work.</summary>
    private static bool IsComparable(RankedVersion one, RankedVersion other) => one.QualityFrom == other.QualityFrom
        && (one.Resolution is null) == (other.Resolution is null) && (one.VideoCodec is null) == (other.VideoCodec is null) && (one.AudioCodec is null) == (other.AudioCodec is null)
        && one.IsNamedCertainly && other.IsNamedCertainly && HaveSameLength(one.DurationSeconds, other.DurationSeconds);

    /// <summary>Cuts of other lengths are other versions. Film of 24 frames a second runs 4 % faster on television.</summary>
    private static bool HaveSameLength(double? one, double? other) =>
        one is not { } a || other is not { } b || IsNear(a / b, 1) || IsNear(a / b, TelevisionSpeed) || IsNear(b / a, TelevisionSpeed);

    private static bool IsNear(double ratio, double wanted) => Math.Abs((ratio / wanted) - 1) < 0.015;
}
