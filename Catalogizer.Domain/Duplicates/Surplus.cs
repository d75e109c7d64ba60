using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Duplicates;

/// <summary>A file of a group of files that are alike.</summary>
/// <param name="SystemId">The number on its system; names of one number are one file.</param>
internal sealed record DuplicateFile(long Id, long SourceId, SourcePurpose Purpose, long? SystemId, int Presence, long FirstSeenAt);

/// <summary>A copy of a work, in the order of copies.</summary>
internal sealed record RankedVersion(long Id, long SourceId, SourcePurpose Purpose, string? Label, double Score, long Size);

/// <summary>
/// Which copies could go. What lies on a source for backups never counts, for that is what it is there for; one copy always
/// stays, best on a main source, then the one seen first.
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

    /// <summary>Of copies with the same label, those that have a lower score than the best; another edition is no lesser copy.</summary>
    public static HashSet<long> FindRedundant(IReadOnlyCollection<RankedVersion> versions) => versions.GroupBy(c => c.Label ?? "", StringComparer.OrdinalIgnoreCase)
        .SelectMany(group => group.Where(c => c.Score < group.Max(best => best.Score) && c.Purpose != SourcePurpose.Backup)).Select(c => c.Id).ToHashSet();
}
