using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Duplicates;

/// <summary>A file in a group of duplicates.</summary>
/// <param name="SystemId">The file's number in its file system; paths with the same number on a source are one file.</param>
internal sealed record DuplicateFile(long Id, long SourceId, SourcePurpose Purpose, long? SystemId, int Presence, long FirstSeenAt);

/// <summary>A version of an item, to be compared with its other versions.</summary>
internal sealed record RankedVersion(long Id, long SourceId, SourcePurpose Purpose, string? Label, double Score, long Size);

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

    /// <summary>Versions with a lower score than the best one of the same label; another edition is not a lower-quality version.</summary>
    public static HashSet<long> FindRedundant(IReadOnlyCollection<RankedVersion> versions) => versions.GroupBy(c => c.Label ?? "", StringComparer.OrdinalIgnoreCase)
        .SelectMany(group => group.Where(c => c.Score < group.Max(best => best.Score) && c.Purpose != SourcePurpose.Backup)).Select(c => c.Id).ToHashSet();
}
