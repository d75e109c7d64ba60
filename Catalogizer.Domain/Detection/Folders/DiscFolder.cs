using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>
/// A folder that holds the file system of a disc, BDMV or VIDEO_TS: one version with all files below these, which reads as the folder is
/// named. Pure: found by the path of a file alone.
/// </summary>
public sealed class DiscFolder
{
    private static readonly string[] BlurayFolders = ["STREAM", "PLAYLIST", "CLIPINF", "AUXDATA", "META", "JAR", "BDJO", "BACKUP"];

    private DiscFolder(string path, bool isDvd) => (Path, IsDvd) = (path, isDvd);

    /// <summary>The folder above BDMV or VIDEO_TS.</summary>
    public string Path { get; }

    private bool IsDvd { get; }

    /// <summary>The path of a stream of the disc, for detection: all files of the disc are read as this one, which the folder names.</summary>
    public string NamePath => Path + (IsDvd ? "/VIDEO_TS/VTS_01_1.VOB" : "/BDMV/STREAM/00000.m2ts");

    /// <summary>The disc folder that the files of a folder belong to; null when there is none, or it is the source itself and has no name.</summary>
    /// <param name="folder">Relative to the source, separated by '/'.</param>
    public static DiscFolder? Find(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return FindEnd(folder, out var isDvd) is > 0 and var end ? new DiscFolder(folder[..end], isDvd) : null;
    }

    /// <summary>The path by which a file's name is read: its own, or for a file of a disc, that of the disc folder.</summary>
    public static string GetNamePath(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var slash = path.LastIndexOf('/');
        return slash > 0 && Find(path[..slash]) is { } disc && disc.Contains(path[(slash + 1)..]) ? disc.NamePath : path;
    }

    /// <summary>How many of a file's folders belong to the file system of a disc; 0 for its loose files ("VIDEO_TS.IFO"), -1 when the file is of no disc.</summary>
    internal static int CountFoldersInside(ReadOnlySpan<char> folder, MediaPath path) =>
        FindEnd(folder, out _) is > 0 and var end ? folder[end..].Count('/') : IsLooseDiscFile(path) ? 0 : -1;

    /// <summary>Whether a file in one of the disc's folders is part of it; a film, image, NFO file or poster put there by someone is not, and neither is an unfinished download.</summary>
    public bool Contains(string fileName)
    {
        var (kind, _, extension) = FileKinds.For(fileName);
        return kind switch
        {
            FileKind.Video => extension is "m2ts" or "mts" or "vob" or "evo" or "bdmv" or "ifo",
            FileKind.DiscImage or FileKind.Archive or FileKind.Subtitle => false,
            FileKind.Metadata when extension is "nfo" => false,
            FileKind.Image when System.IO.Path.GetFileNameWithoutExtension(fileName) is "poster" or "fanart" or "folder" => false,
            _ => !UnfinishedDownloads.Matches(fileName),
        };
    }

    // The length of the disc folder's path; 0 when there is none.
    private static int FindEnd(ReadOnlySpan<char> folder, out bool isDvd)
    {
        for (var end = folder.Length; end > 0;)
        {
            var start = folder[..end].LastIndexOf('/') + 1;
            if (start > 0 && IsDiscSystem(folder[start..end], folder[Math.Min(end + 1, folder.Length)..], out isDvd))
            {
                return IsCamera(folder[..(start - 1)]) ? 0 : start - 1;
            }

            end = start - 1;
        }

        isDvd = false;
        return 0;
    }

    // VIDEO_TS.IFO, VTS_01_1.VOB, VTS_01_0.BUP, index.bdmv
    private static bool IsLooseDiscFile(MediaPath path)
    {
        var name = path.Stem;
        var hasDiscEnding = path.Extension is "ifo" or "vob" || (path.Kind == FileKind.Unknown && name.Is(name.Count - 1, "bup"));
        return path.Extension is "bdmv"
            || (hasDiscEnding && name.Count is >= 2 and <= 4 && name.Is(1, "ts") && name.Is(0, "video"))
            || (hasDiscEnding && name.Count is 3 or 4 && name.Is(0, "vts") && name.Number(1) >= 0 && name.Number(2) >= 0);
    }

    /// <param name="below">The folders below, so that a shelf named "BDMV" with films in it is not taken for a disc.</param>
    private static bool IsDiscSystem(ReadOnlySpan<char> name, ReadOnlySpan<char> below, out bool isDvd)
    {
        isDvd = Is(name, "VIDEO_TS") || Is(name, "AUDIO_TS") || Is(name, "JACKET_P");
        if (isDvd || Is(name, "HVDVD_TS"))
        {
            return below.IsEmpty;
        }

        if (!Is(name, "BDMV"))
        {
            return (Is(name, "CERTIFICATE") || Is(name, "AACS")) && (below.IsEmpty || Is(below, "BACKUP") || Is(below, "DUPLICATE"));
        }

        var slash = below.IndexOf('/');
        var first = slash < 0 ? below : below[..slash];
        return below.IsEmpty || IsAny(first, BlurayFolders);
    }

    /// <summary>A camera stores each recording as a stream of one disc; they are not parts of a film.</summary>
    private static bool IsCamera(ReadOnlySpan<char> folder) => Is(folder[(folder.LastIndexOf('/') + 1)..], "AVCHD");

    private static bool IsAny(ReadOnlySpan<char> name, string[] names)
    {
        foreach (var other in names)
        {
            if (Is(name, other))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(ReadOnlySpan<char> name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
