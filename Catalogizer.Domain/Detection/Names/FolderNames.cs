namespace Catalogizer.Domain.Detection.Names;

/// <summary>
/// The folders above a file, nearest first. The files of a folder come one after the other, so each thread keeps those of the
/// last one: what was read of them need not be read again.
/// </summary>
internal sealed class FolderNames
{
    private static readonly FolderNames None = new([]);

    [ThreadStatic]
    private static FolderNames? _last;

    private readonly string[] _names;
    private readonly NameText?[] _texts;

    private FolderNames(string[] names)
    {
        _names = names;
        _texts = new NameText?[names.Length];
    }

    public IReadOnlyList<string> Names => _names;

    public static FolderNames Of(string path, ReadOnlySpan<Range> folders)
    {
        if (folders.IsEmpty)
        {
            return None;
        }

        if (_last is { } last && last.AreIn(path, folders))
        {
            return last;
        }

        var names = new string[folders.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = Name(path, folders[i]).ToString();
        }

        return _last = new FolderNames(names);
    }

    /// <summary>A folder's name cut into words, 0 the nearest; null above the top.</summary>
    public NameText? Text(int index) => index < 0 || index >= _names.Length ? null : _texts[index] ??= new NameText(_names[index]);

    private bool AreIn(string path, ReadOnlySpan<Range> folders)
    {
        if (folders.Length != _names.Length)
        {
            return false;
        }

        for (var i = 0; i < _names.Length; i++)
        {
            if (!Name(path, folders[i]).SequenceEqual(_names[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<char> Name(string path, Range range)
    {
        var name = path.AsSpan(range).Trim();
        return name.Length > NameText.MaxLength ? name[..NameText.MaxLength] : name;
    }
}
