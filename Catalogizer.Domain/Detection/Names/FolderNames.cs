namespace Catalogizer.Domain.Detection.Names;

/// <summary>
/// The folders above a file, nearest first. The files of a folder are processed one after the other, so each thread caches its last instance:
/// what was derived from the names is then not computed again.
/// </summary>
internal sealed class FolderNames
{
    private static readonly FolderNames Empty = new([]);

    [ThreadStatic]
    private static FolderNames? _last;

    private readonly string[] _names;
    private readonly TokenizedName?[] _tokenizedNames;

    private FolderNames(string[] names)
    {
        _names = names;
        _tokenizedNames = new TokenizedName?[names.Length];
    }

    public IReadOnlyList<string> Names => _names;

    public static FolderNames From(string path, ReadOnlySpan<Range> folders)
    {
        if (folders.IsEmpty)
        {
            return Empty;
        }

        if (_last is { } last && last.Matches(path, folders))
        {
            return last;
        }

        var names = new string[folders.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = GetName(path, folders[i]).ToString();
        }

        return _last = new FolderNames(names);
    }

    public FolderNames SkipNearest(int count) => new(_names[count..]);

    /// <summary>The words of a folder's name; index 0 is the nearest folder. Null above the top.</summary>
    public TokenizedName? GetTokenizedName(int index) => index < 0 || index >= _names.Length ? null : _tokenizedNames[index] ??= new TokenizedName(_names[index]);

    private bool Matches(string path, ReadOnlySpan<Range> folders)
    {
        if (folders.Length != _names.Length)
        {
            return false;
        }

        for (var i = 0; i < _names.Length; i++)
        {
            if (!GetName(path, folders[i]).SequenceEqual(_names[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<char> GetName(string path, Range range)
    {
        var name = path.AsSpan(range).Trim();
        return name.Length > TokenizedName.MaxLength ? name[..TokenizedName.MaxLength] : name;
    }
}
