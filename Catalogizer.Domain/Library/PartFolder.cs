using System.Collections.Frozen;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Library;

/// <summary>Folders that hold one part of a film and say nothing else: CD1, "Disc 2", DVD2, "Part 1".</summary>
public static class PartFolder
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Words =
        new[] { "cd", "dvd", "disc", "disk", "part", "pt", "bd", "disque", "teil" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The folder above the part folder that holds the file, where its other parts are too; null when its folder is none.</summary>
    public static string? FindAbove(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var end = path.LastIndexOf('/');
        if (end <= 0)
        {
            return null;
        }

        var start = path.LastIndexOf('/', end - 1) + 1;
        return IsPart(path.AsSpan(start, end - start)) ? path[..Math.Max(0, start - 1)] : null;
    }

    /// <summary>Whether a folder has the title in its name: "DVD 01" below "Films" is a shelf, and what lies in it no part.</summary>
    public static bool IsNamedFor(string folder, string title)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return TextNormalizer.Fold(folder[(folder.LastIndexOf('/') + 1)..]).Contains(TextNormalizer.Fold(title), StringComparison.Ordinal);
    }

    public static bool IsPart(ReadOnlySpan<char> name)
    {
        name = name.Trim();
        var word = name.TrimEnd("0123456789");
        return name.Length - word.Length is 1 or 2 && Words.Contains(word.TrimEnd(" ._-#"));
    }
}
