using System.Buffers;

namespace Catalogizer.Domain.Detection.Names;

/// <summary>A relative path cut into its file name, extension and the folders above, nearest first.</summary>
internal sealed class MediaPath
{
    private const int MaxFolders = 6;
    private const int LongestBracket = 100;
    private const int MostSlashesInName = 100;

    private static readonly SearchValues<char> Brackets = SearchValues.Create("[]()");

    public MediaPath(string path)
    {
        var end = path.Length;
        while (end > 0 && (path[end - 1] == '/' || char.IsWhiteSpace(path[end - 1])))
        {
            end--;
        }

        var cut = LastSlash(path, end);
        var name = path.AsSpan(cut + 1, end - cut - 1).Trim();
        (Kind, var stem, Extension) = FileKinds.Of(name);
        Stem = new NameText(Kind == FileKind.Subtitle ? SubtitleTags.Without(name[..stem]) : name[..stem]);
        Tagged = Kind == FileKind.Subtitle ? new NameText(name[..stem]) : Stem;

        Span<Range> ranges = stackalloc Range[MaxFolders];
        var count = 0;
        while (cut > 0 && count < MaxFolders)
        {
            var next = LastSlash(path, cut);
            ranges[count] = (next + 1)..cut;
            count += path.AsSpan(ranges[count]).IsWhiteSpace() ? 0 : 1;
            cut = next;
        }

        Above = FolderNames.Of(path, ranges[..count]);
    }

    private MediaPath(MediaPath path, int word)
    {
        (Kind, Extension, Above) = (path.Kind, path.Extension, path.Above);
        var cut = path.Stem[word].Start;
        Stem = new NameText(path.Stem.Text.AsSpan(cut));
        Tagged = ReferenceEquals(path.Tagged, path.Stem) ? Stem : new NameText(path.Tagged.Text.AsSpan(cut));
    }

    public FileKind Kind { get; }

    /// <summary>In lower case and without its dot; empty when the name has none that is known.</summary>
    public string Extension { get; }

    public NameText Stem { get; }

    /// <summary>The stem with the tags of a subtitle, ".en.forced".</summary>
    public NameText Tagged { get; }

    /// <summary>The folders above, nearest first.</summary>
    public FolderNames Above { get; }

    public IReadOnlyList<string> Folders => Above.Names;

    /// <summary>The same path with a name that begins at one of its words.</summary>
    public MediaPath From(int word) => new(this, word);

    /// <summary>A folder's name cut into words, 0 the nearest; null above the top.</summary>
    public NameText? Folder(int index) => Above.Text(index);

    // A slash between spaces belongs to a title ("Alias / Title"): no folder's name ends with a space.
    private static int LastSlash(string path, int before)
    {
        for (var skipped = 0; before > 0 && skipped < MostSlashesInName; skipped++)
        {
            var slash = path.LastIndexOf('/', before - 1);
            if (slash <= 0 || slash + 1 >= path.Length || !((path[slash - 1] == ' ' && path[slash + 1] == ' ') || IsBracketed(path, slash)))
            {
                return slash;
            }

            before = slash;
        }

        return -1;
    }

    // "[2019/FLAC]", "(2024/S01E07/WEB-DL)": a bracket that opens before the slash and closes behind it.
    private static bool IsBracketed(string path, int slash)
    {
        var close = path.AsSpan(slash, Math.Min(LongestBracket, path.Length - slash)).IndexOfAny(Brackets);
        if (close < 0 || path[slash + close] is '[' or '(')
        {
            return false;
        }

        var first = Math.Max(0, slash - LongestBracket);
        var open = path.AsSpan(first, slash - first).LastIndexOfAny(Brackets);
        return open >= 0 && path[first + open] == (path[slash + close] == ']' ? '[' : '(');
    }
}
