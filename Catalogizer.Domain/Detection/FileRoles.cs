using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Types;

namespace Catalogizer.Domain.Detection;

/// <summary>What a file is for.</summary>
public enum FileRole
{
    /// <summary>The item itself, a part of it, or an extra.</summary>
    Media = 0,

    /// <summary>Accompanies an item: subtitles, artwork, NFO, checksums, playlists.</summary>
    Sidecar = 1,

    /// <summary>Anything else. It is catalogued too.</summary>
    Other = 2,

    /// <summary>A file of a disc folder (BDMV, VIDEO_TS) or of an installed game, of use only together with all the others.</summary>
    FolderPart = 3,
}

public static class FileRoles
{
    public static FileRole For(string path, Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(verdict);
        if (verdict.Fields.Sidecar is not null)
        {
            return FileRole.Sidecar;
        }

        if (verdict.GameFolder is not null)
        {
            return FileRole.FolderPart;
        }

        var (kind, _, _) = FileKinds.For(GetFileName(path));
        return verdict.Type != MediaType.Other || (kind is FileKind.Video or FileKind.Audio && !UnfinishedDownloads.Matches(path)) ? FileRole.Media : FileRole.Other;
    }

    /// <summary>
    /// Returns the stem that a sidecar file shares with its owner: "Movie (1999).en.forced.srt" and "Movie (1999)-poster.jpg" give "Movie
    /// (1999)"; artwork for a whole folder ("poster.jpg") gives an empty string.
    /// </summary>
    public static string GetOwnerStem(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var name = GetFileName(path);
        var (kind, length, _) = FileKinds.For(name);
        var stem = name[..length];
        return kind switch
        {
            FileKind.Subtitle => SubtitleTags.RemoveFrom(stem).ToString(),
            FileKind.Image => RemoveArtworkSuffix(stem).ToString(),
            _ => stem.ToString(),
        };
    }

    private static ReadOnlySpan<char> RemoveArtworkSuffix(ReadOnlySpan<char> stem)
    {
        Span<char> word = stackalloc char[16];
        var cut = stem.LastIndexOfAny('-', '.', '_');
        var raw = stem[(cut + 1)..].TrimEnd("0123456789");
        if (raw.IsEmpty || raw.Length > word.Length || !Sidecar.IsArtworkWord(word[..raw.ToLowerInvariant(word)]))
        {
            return stem;
        }

        return cut < 0 ? [] : stem[..cut];
    }

    private static ReadOnlySpan<char> GetFileName(string path) => path.AsSpan(path.LastIndexOf('/') + 1);
}
