using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>
/// The folders and files of a Blu-ray or DVD: BDMV, CERTIFICATE, VIDEO_TS. Whatever the files are called, the folder that holds them names the work.
/// </summary>
internal static class DiscStructure
{
    /// <summary>How many of the nearest folders belong to the disc itself; 0 for its loose files ("VIDEO_TS.IFO"), -1 when the file is of no disc.</summary>
    public static int CountFolders(MediaPath path)
    {
        var folders = path.Folders;
        for (var i = 0; i < folders.Count; i++)
        {
            if (IsDiscRoot(folders[i], path))
            {
                // A camcorder stores its recordings, one a file, in the same folders.
                return i + 1 < folders.Count && folders[i + 1].Equals("AVCHD", StringComparison.OrdinalIgnoreCase) ? -1 : i + 1;
            }
        }

        return IsDiscFile(path) ? 0 : -1;
    }

    private static bool IsDiscRoot(string folder, MediaPath path) => folder.Length switch
    {
        4 => folder.Equals("BDMV", StringComparison.OrdinalIgnoreCase) || (folder is "AACS" && path.Kind is FileKind.Unknown),
        8 => folder.Equals("VIDEO_TS", StringComparison.OrdinalIgnoreCase) || folder.Equals("HVDVD_TS", StringComparison.OrdinalIgnoreCase),
        11 => folder.Equals("CERTIFICATE", StringComparison.OrdinalIgnoreCase) && path.Extension is "bdmv",
        _ => false,
    };

    // VIDEO_TS.IFO, VTS_01_1.VOB, VTS_01_0.BUP, index.bdmv
    private static bool IsDiscFile(MediaPath path)
    {
        if (path.Extension is "bdmv")
        {
            return true;
        }

        var name = path.Stem;
        var hasDiscEnding = path.Extension is "ifo" or "vob" || (path.Kind == FileKind.Unknown && name.Is(name.Count - 1, "bup"));
        return hasDiscEnding && name.Count is >= 2 and <= 4 && name.Is(1, "ts") && name.Is(0, "video")
            || hasDiscEnding && name.Count is 3 or 4 && name.Is(0, "vts") && name.Number(1) >= 0 && name.Number(2) >= 0;
    }
}
