using System.Globalization;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Scanning;

/// <summary>A top folder's files before and after a scan's losses.</summary>
/// <param name="Folder">The first part of the path; empty for files in the root itself.</param>
/// <param name="Known">Files that were present or unknown before the losses, those that this scan added included.</param>
/// <param name="Lost">Files that a complete listing did not show.</param>
/// <param name="Added">Files that this scan added.</param>
public sealed record TopFolder(string Folder, long Known, long Lost, long Added)
{
    public bool IsEmptied => Lost > 0 && Known == Lost;

    public bool HadFiles => Known > Added;
}

/// <summary>
/// Tells a loss that looks like an accident (an unmounted disk, an empty share, a half restored NAS) from housekeeping.
/// Losses are held when the root, half of the top folders or a top folder of 20 files or more is now empty or gone, or
/// when more than max(20 files, 10 %) of the source would become missing; an emptied root is held however small.
/// </summary>
public static class LossBrake
{
    private const int FewFiles = 20;

    /// <summary>Why the losses must wait, in one sentence; null when they may be saved.</summary>
    public static string? Hold(IReadOnlyList<TopFolder> tops)
    {
        var lost = tops.Sum(t => t.Lost);
        if (lost == 0)
        {
            return null;
        }

        var before = tops.Sum(t => t.Known - t.Added);
        if (before <= lost)
        {
            return Sentence("everything that was there is gone", lost);
        }

        var folders = tops.Where(t => t.Folder.Length > 0 && t.HadFiles).ToList();
        var emptied = folders.Where(t => t.IsEmptied).ToList();
        if (emptied.FirstOrDefault(t => t.Lost >= FewFiles) is { } big)
        {
            return Sentence($"the folder “{big.Folder}” is empty or gone", lost);
        }

        if (emptied.Count > 0 && emptied.Count * 2 >= folders.Count)
        {
            return Sentence(string.Create(CultureInfo.InvariantCulture, $"{emptied.Count} of {folders.Count} top folders are empty or gone"), lost);
        }

        return lost > MostLost(before)
            ? Sentence(string.Create(CultureInfo.InvariantCulture, $"{lost} of {before} files are gone"), lost)
            : null;
    }

    /// <summary>Why the losses go on waiting when what an earlier scan held has not come back.</summary>
    public static string HoldOn(long lost) => Sentence("what an earlier scan missed has not come back", lost);

    /// <summary>How many of so many files may go without being held for their number.</summary>
    internal static long MostLost(long before) => Math.Max(FewFiles, before / 10);

    /// <summary>The folders that lose something, the hardest hit first.</summary>
    public static IReadOnlyList<HeldFolder> Folders(IEnumerable<TopFolder> tops) =>
        [.. tops.Where(t => t.Lost > 0).OrderByDescending(t => t.Lost).ThenBy(t => t.Folder, StringComparer.Ordinal).Select(t => new HeldFolder(t.Folder, t.Lost, t.Known))];

    private static string Sentence(string what, long lost) =>
        string.Create(CultureInfo.InvariantCulture, $"Held, because {what}: is the source really mounted and complete? Nothing was marked missing; {lost} file{(lost == 1 ? "" : "s")} wait for your decision.");
}
