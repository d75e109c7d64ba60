using System.Globalization;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning.Steps;

/// <summary>File counts of a top folder before and after a scan's pending deletions.</summary>
/// <param name="Folder">The first segment of the path; empty for files in the root itself.</param>
/// <param name="Known">Files that were present or unknown before the deletions, including those that this scan added.</param>
/// <param name="NotFound">Files that a complete listing did not contain.</param>
/// <param name="Added">Files that this scan added.</param>
public sealed record TopFolder(string Folder, long Known, long NotFound, long Added)
{
    public bool IsEmptied => NotFound > 0 && Known == NotFound;

    public bool HadFiles => Known > Added;
}

/// <summary>
/// Distinguishes accidents (an unmounted disk, an empty share, a half-restored NAS) from housekeeping. Deletions are held if
/// the root, at least half of the top folders or a top folder of 20 or more files is now empty or gone, or if more than
/// max(20 files, 10%) of the source would become missing; an emptied root is held however small.
/// </summary>
public static class DeletionGuard
{
    private const int FileCountThreshold = 20;

    /// <summary>Why the pending deletions must be held, in one sentence; null when they may be applied.</summary>
    public static string? HoldReason(IReadOnlyList<TopFolder> topFolders)
    {
        var notFound = topFolders.Sum(t => t.NotFound);
        if (notFound == 0)
        {
            return null;
        }

        var before = topFolders.Sum(t => t.Known - t.Added);
        if (before <= notFound)
        {
            return FormatReason("everything that was there is gone", notFound);
        }

        var folders = topFolders.Where(t => t.Folder.Length > 0 && t.HadFiles).ToList();
        var emptied = folders.Where(t => t.IsEmptied).ToList();
        if (emptied.FirstOrDefault(t => t.NotFound >= FileCountThreshold) is { } largeFolder)
        {
            return FormatReason($"the folder “{largeFolder.Folder}” is empty or gone", notFound);
        }

        if (emptied.Count > 0 && emptied.Count * 2 >= folders.Count)
        {
            return FormatReason(string.Create(CultureInfo.InvariantCulture, $"{emptied.Count} of {folders.Count} top folders are empty or gone"), notFound);
        }

        return notFound > MaxDeletions(before)
            ? FormatReason(string.Create(CultureInfo.InvariantCulture, $"{notFound} of {before} files are gone"), notFound)
            : null;
    }

    /// <summary>Why pending deletions stay held when the files held by an earlier scan have not come back.</summary>
    public static string StillHeldReason(long notFound) => FormatReason("what an earlier scan missed has not come back", notFound);

    /// <summary>How many of <paramref name="before"/> files may become missing before their number alone holds the scan.</summary>
    internal static long MaxDeletions(long before) => Math.Max(FileCountThreshold, before / 10);

    /// <summary>The folders that would lose files, the most affected first.</summary>
    public static IReadOnlyList<HeldFolder> ListAffectedFolders(IEnumerable<TopFolder> topFolders) =>
        [.. topFolders.Where(t => t.NotFound > 0).OrderByDescending(t => t.NotFound).ThenBy(t => t.Folder, StringComparer.Ordinal).Select(t => new HeldFolder(t.Folder, t.NotFound, t.Known))];

    private static string FormatReason(string cause, long notFound) =>
        string.Create(CultureInfo.InvariantCulture, $"Held, because {cause}: is the source really mounted and complete? Nothing was marked missing; {notFound} file{(notFound == 1 ? "" : "s")} wait for your decision.");
}
