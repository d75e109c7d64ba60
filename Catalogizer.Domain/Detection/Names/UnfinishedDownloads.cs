using System.Buffers;

namespace Catalogizer.Domain.Detection.Names;

/// <summary>Files that another program has not finished: downloads, copies under way, and archives that are being unpacked.</summary>
internal static class UnfinishedDownloads
{
    private const int MaxEndingLength = 16;
    private const int RsyncSuffixLength = 6;

    private static readonly SearchValues<char> LettersAndDigits = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Whether a path is unfinished by its own name or by one of its folders.</summary>
    public static bool Matches(ReadOnlySpan<char> path)
    {
        path = path.TrimEnd("/ ");
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (IsUnfinishedName(name))
        {
            return true;
        }

        foreach (var folder in path.Split('/'))
        {
            if (IsUnfinishedFolder(path[folder]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUnfinishedName(ReadOnlySpan<char> name)
    {
        var dot = name.LastIndexOf('.');
        if (dot <= 0 || dot + 1 == name.Length || name.Length - dot - 1 > MaxEndingLength)
        {
            return false;
        }

        Span<char> lower = stackalloc char[MaxEndingLength];
        var ending = lower[..name[(dot + 1)..].ToLowerInvariant(lower)];
        return IsDownloadEnding(ending)
            || (IsTemporaryEnding(ending) && (HasKnownEnding(name[..dot]) || name.StartsWith(".syncthing.") || name.StartsWith("~syncthing~")))
            || (name[0] == '.' && ending.Length == RsyncSuffixLength && name[(dot + 1)..].IndexOfAnyExcept(LettersAndDigits) < 0 && HasKnownEnding(name[1..dot]));
    }

    // Endings that download programs made up: no title ends with them.
    private static bool IsDownloadEnding(ReadOnlySpan<char> ending) => ending is "crdownload" or "!qb" or "!ut" or "!bt" or "bc!" or "!sync" or "filepart"
        or "partial~" or "part~" or "aria2" or "aria2__temp" or "opdownload" or "fdmdownload" or "xltd" or "ytdl" or "dctmp";

    // Endings that are also words: "The Last Part" is a film, "Film.mkv.part" is not.
    private static bool IsTemporaryEnding(ReadOnlySpan<char> ending) =>
        ending is "part" or "partial" or "tmp" or "temp" or "download" or "unfinished" or "incomplete" or "td" || ending.StartsWith("part-frag");

    private static bool HasKnownEnding(ReadOnlySpan<char> name) => FileKinds.For(name) is { Kind: not FileKind.Unknown, Extension.Length: > 0 };

    // SABnzbd, NZBGet and others unpack into such folders, rsync copies into them, and Safari downloads into "Film.mkv.download".
    private static bool IsUnfinishedFolder(ReadOnlySpan<char> folder) => folder.Length > 6
        && (folder.StartsWith("_unpack_", StringComparison.OrdinalIgnoreCase) || folder.EndsWith("_unpack_", StringComparison.OrdinalIgnoreCase)
            || folder.StartsWith("_failed_", StringComparison.OrdinalIgnoreCase) || folder.Equals("_unpack", StringComparison.OrdinalIgnoreCase)
            || folder is ".rsync-partial" or ".~tmp~"
            || (folder.EndsWith(".download", StringComparison.OrdinalIgnoreCase) && IsUnfinishedName(folder)));
}
