using Catalogizer.Domain.Catalog;
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

    public string? Resolution { get; init; }

    public string? VideoCodec { get; init; }

    public string? AudioCodec { get; init; }

    /// <summary>SHA-256 of its only media file; null when there are several or it has not been read completely.</summary>
    public string? Contents { get; init; }

    /// <summary>Whether other paths lead to one of its files, so that removing this one frees nothing.</summary>
    public bool IsLinked { get; init; }
}

/// <summary>An item or one of its parents, for <see cref="RedundancyRules.IsCertain"/>.</summary>
internal readonly record struct IdentityFacts(MediaKind Kind, int? Year, bool IsMatched);

/// <summary>
/// Decides which files or versions can be deleted. Those on a backup source are never included: duplicates are
/// their purpose. Of files, one always stays: preferably on a main source, then an available one, then the one seen first.
/// </summary>
internal static class RedundancyRules
{
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
                if (group.Any(better => better.Purpose != SourcePurpose.Backup && better.Score > score && IsComparable(better, version)))
                {
                    redundant.Add(version.Id);
                }
            }
        }

        return redundant;
    }

    /// <summary>
    /// Whether it is certain what an item is. A title alone may be that of several; with a year, a match, or an artist it is not, and neither
    /// is a title with an author.
    /// </summary>
    /// <param name="itemAndParents">The item first.</param>
    public static bool IsCertain(IReadOnlyList<IdentityFacts> itemAndParents, IEnumerable<RankedVersion> versions) =>
        itemAndParents.Any(i => i.Year is not null || i.IsMatched || i.Kind == MediaKind.Artist)
        || (itemAndParents is [{ Kind: MediaKind.Audiobook }, ..] && versions.All(v => v.Label is not null));

    /// <summary>Whether the same is known of both: scores count what is not known as nothing.</summary>
    private static bool IsComparable(RankedVersion one, RankedVersion other) => one.QualityFrom == other.QualityFrom
        && (one.Resolution is null) == (other.Resolution is null) && (one.VideoCodec is null) == (other.VideoCodec is null) && (one.AudioCodec is null) == (other.AudioCodec is null);
}
