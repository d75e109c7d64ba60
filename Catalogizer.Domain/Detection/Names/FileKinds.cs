using System.Collections.Frozen;

namespace Catalogizer.Domain.Detection.Names;

/// <summary>The kind of a file according to its extension.</summary>
internal enum FileKind
{
    /// <summary>No extension, or an unknown one.</summary>
    Unknown,
    Video,
    Audio,
    AudioBook,
    Image,
    RawPhoto,
    Book,
    Document,
    Comic,
    Rom,
    DiscImage,
    Archive,
    Program,
    Subtitle,
    Metadata,
    Companion,
    Font,
}

internal static class FileKinds
{
    private const int MaxExtensionLength = 9;

    private static readonly FrozenDictionary<string, (FileKind Kind, string Extension)> KindsByExtension = GetAll().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, (FileKind Kind, string Extension)>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        KindsByExtension.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// Returns the kind, the length of the stem, and the extension in lower case. An unknown one belongs to the stem and is returned empty.
    /// </summary>
    public static (FileKind Kind, int StemLength, string Extension) For(ReadOnlySpan<char> fileName)
    {
        var dot = fileName.LastIndexOf('.');
        if (dot < 0 || fileName.Length - dot - 1 is 0 or > MaxExtensionLength)
        {
            return (FileKind.Unknown, fileName.Length, "");
        }

        if (Lookup.TryGetValue(fileName[(dot + 1)..], out var known))
        {
            var kind = known.Kind;
            var tarball = kind == FileKind.Archive && fileName[..dot].EndsWith(".tar", StringComparison.OrdinalIgnoreCase) && dot > 4;
            return (kind, dot == 0 ? fileName.Length : tarball ? dot - 4 : dot, dot == 0 ? "" : known.Extension);
        }

        return (FileKind.Unknown, fileName.Length, "");
    }

    private static IEnumerable<KeyValuePair<string, (FileKind Kind, string Extension)>> GetAll() =>
    [
        .. For(FileKind.Video, "mkv mp4 avi m4v mov wmv ts m2ts mts webm mpg mpeg flv divx ogm ogv rmvb rm vob 3gp 3g2 asf f4v mk3d m2v wtv dvr-ms strm tp trp evo bdmv ifo disc qt"),
        .. For(FileKind.Audio, "mp3 flac m4a aac ogg oga opus wav wma ape wv alac aif aiff dsf dff mka ac3 dts mpc tta mid midi mod xm s3m it spc nsf vgm tak"),
        .. For(FileKind.AudioBook, "m4b aax aa aaxc"),
        .. For(FileKind.Image, "jpg jpeg jpe png gif bmp webp tif tiff tbn jfif avif svg"),
        .. For(FileKind.RawPhoto, "heic heif cr2 cr3 crw nef arw dng raf orf rw2 pef srw raw psd xcf"),
        .. For(FileKind.Book, "epub mobi azw azw3 azw4 kfx fb2 lit pdb prc djvu ibooks"),
        .. For(FileKind.Document, "pdf"),
        .. For(FileKind.Comic, "cbz cbr cb7 cbt cba"),
        .. For(FileKind.Rom, "nes sfc smc gba gbc gb nds 3ds cia n64 z64 v64 gcm rvz wbfs wad wua nsp xci nsz xcz sms gg 32x gdi cdi chd cso pbp vpk pkg psv a26 a52 a78 lnx ngp ngc pce ws wsc vb fds unf dsk adf tap tzx z80 d64 crt rpx wux gcz"),
        .. For(FileKind.DiscImage, "iso img mdf nrg ccd bin"),
        .. For(FileKind.Archive, "zip rar 7z tar gz tgz bz2 xz zst"),
        .. For(FileKind.Program, "exe msi dmg deb rpm apk appimage msix appx ipa flatpak snap jar xapk run bat"),
        .. For(FileKind.Subtitle, "srt ass ssa sub idx vtt smi sup usf ttml dfxp lrc"),
        .. For(FileKind.Metadata, "nfo"),
        .. For(FileKind.Audio, "eac3 dtshd thd"),
        .. For(FileKind.Font, "ttf otf ttc"),
        .. For(FileKind.Companion, "sfv md5 sha1 sha256 ffp par2 m3u m3u8 pls cue log accurip nzb torrent srr url diz xml opf txt acbf plexmatch xspf wpl bif edl"),
    ];

    private static IEnumerable<KeyValuePair<string, (FileKind Kind, string Extension)>> For(FileKind kind, string extensions) =>
        extensions.Split(' ').Select(extension => KeyValuePair.Create(extension, (kind, extension)));
}
