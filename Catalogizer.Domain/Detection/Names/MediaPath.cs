using System.Buffers;

namespace Catalogizer.Domain.Detection.Names;

/// <summary>A relative path split into file name, extension and parent folders, nearest first.</summary>
internal sealed class MediaPath
{
    // Six that may tell something, and up to three of the inside of a disc: BDMV/BACKUP/CLIPINF.
    private const int MaxFolders = 9;
    private const int MaxBracketLength = 100;
    private const int MaxSlashesInName = 100;

    private static readonly SearchValues<char> Brackets = SearchValues.Create("[]()");

    public MediaPath(string path)
    {
        var end = path.Length;
        while (end > 0 && (path[end - 1] == '/' || char.IsWhiteSpace(path[end - 1])))
        {
            end--;
        }

        var cut = FindLastSlash(path, end);
        var name = path.AsSpan(cut + 1, end - cut - 1).Trim();
        (Kind, var stem, Extension) = FileKinds.For(name);
        Stem = new TokenizedName(Kind == FileKind.Subtitle ? SubtitleTags.RemoveFrom(name[..stem]) : name[..stem]);
        StemWithTags = Kind == FileKind.Subtitle ? new TokenizedName(name[..stem]) : Stem;

        Span<Range> ranges = stackalloc Range[MaxFolders];
        var count = 0;
        while (cut > 0 && count < MaxFolders)
        {
            var next = FindLastSlash(path, cut);
            ranges[count] = (next + 1)..cut;
            count += path.AsSpan(ranges[count]).IsWhiteSpace() ? 0 : 1;
            cut = next;
        }

        ParentFolders = FolderNames.From(path, ranges[..count]);
    }

    private MediaPath(MediaPath path, int word)
    {
        (Kind, Extension, ParentFolders) = (path.Kind, path.Extension, path.ParentFolders);
        var cut = path.Stem[word].Start;
        Stem = new TokenizedName(path.Stem.Text.AsSpan(cut));
        StemWithTags = ReferenceEquals(path.StemWithTags, path.Stem) ? Stem : new TokenizedName(path.StemWithTags.Text.AsSpan(cut));
    }

    private MediaPath(MediaPath path, FileKind kind, TokenizedName stem, FolderNames folders)
    {
        (Kind, Extension, ParentFolders, Stem) = (kind, path.Extension, folders, stem);
        StemWithTags = ReferenceEquals(path.StemWithTags, path.Stem) ? stem : path.StemWithTags;
    }

    public FileKind Kind { get; }

    /// <summary>In lower case, without the dot; empty when the name has no known extension.</summary>
    public string Extension { get; }

    public TokenizedName Stem { get; }

    /// <summary>The stem including the tags of a subtitle, ".en.forced".</summary>
    public TokenizedName StemWithTags { get; }

    /// <summary>The parent folders, nearest first.</summary>
    public FolderNames ParentFolders { get; }

    public IReadOnlyList<string> Folders => ParentFolders.Names;

    /// <summary>Returns the same path with a name that starts at the given word.</summary>
    public MediaPath WithNameFrom(int word) => new(this, word);

    /// <summary>Returns the path of a file that lies in the given folders and has the given name instead of its own.</summary>
    public MediaPath WithName(TokenizedName name, FolderNames folders) => new(this, Kind, name, folders);

    /// <summary>Returns the path of a video without a name in the given folders.</summary>
    public MediaPath AsNamelessVideo(FolderNames folders) => new(this, FileKind.Video, TokenizedName.Empty, folders);

    /// <summary>The words of a folder's name; index 0 is the nearest folder. Null above the top.</summary>
    public TokenizedName? GetFolder(int index) => ParentFolders.GetTokenizedName(index);

    // A slash between spaces belongs to a title ("Alias / Title"): no folder name ends with a space.
    private static int FindLastSlash(string path, int before)
    {
        for (var skipped = 0; before > 0 && skipped < MaxSlashesInName; skipped++)
        {
            var slash = path.LastIndexOf('/', before - 1);
            if (slash <= 0 || slash + 1 >= path.Length || !((path[slash - 1] == ' ' && path[slash + 1] == ' ') || IsInsideBrackets(path, slash)))
            {
                return slash;
            }

            before = slash;
        }

        return -1;
    }

    // "[2019/FLAC]", "(2024/S01E07/WEB-DL)": a bracket that opens before the slash and closes after it.
    private static bool IsInsideBrackets(string path, int slash)
    {
        var close = path.AsSpan(slash, Math.Min(MaxBracketLength, path.Length - slash)).IndexOfAny(Brackets);
        if (close < 0 || path[slash + close] is '[' or '(')
        {
            return false;
        }

        var first = Math.Max(0, slash - MaxBracketLength);
        var open = path.AsSpan(first, slash - first).LastIndexOfAny(Brackets);
        return open >= 0 && path[first + open] == (path[slash + close] == ']' ? '[' : '(');
    }
}
