using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>A path with its name read, and its folders read when somebody asks.</summary>
internal sealed class Entry
{
    private readonly NameReading?[] _folders;

    public Entry(MediaPath path, bool explain)
    {
        Path = path;
        Explain = explain;
        Reading = ReleaseReading.Of(path.Stem, explain);
        _folders = path.Folders.Count == 0 ? [] : new NameReading?[path.Folders.Count];
        FirstFolder = Shelve();
    }

    public MediaPath Path { get; }

    public bool Explain { get; }

    /// <summary>The file's own name, read.</summary>
    public NameReading Reading { get; }

    public FieldsDraft Fields => Reading.Fields;

    /// <summary>What the nearest sorting folder holds ("Movies"); null when none says.</summary>
    public MediaType? Shelf { get; private set; }

    /// <summary>What the folder of extras that the file lies in holds.</summary>
    public string? ExtraFolder { get; private set; }

    /// <summary>Number of the disc folder that the file lies in.</summary>
    public int? Disc { get; private set; }

    /// <summary>Index of the nearest folder that is a work's own; -1 when there is none.</summary>
    public int FirstFolder { get; }

    public NameReading? Folder(int index) => index < 0 || index >= _folders.Length
        ? null
        : _folders[index] ??= ReleaseReading.Of(Path.Folder(index)!, false);

    /// <summary>The nearest folder of a work at or above <paramref name="index"/>, -1 when there is none.</summary>
    public int OwnFolder(int index)
    {
        for (; index >= 0 && index < _folders.Length; index++)
        {
            if (!LibraryFolders.IsLibrary(Path.Folders[index], out _))
            {
                return index;
            }
        }

        return -1;
    }

    private int Shelve()
    {
        var own = -1;
        for (var i = 0; i < Path.Folders.Count; i++)
        {
            if (i == 0 && ExtraReader.OfFolder(Path.Folders[0]) is { } extra)
            {
                ExtraFolder = extra;
                continue;
            }

            if (own < 0 && Disc is null && DiscFolders.TryRead(Path.Folder(i)!, out var disc))
            {
                Disc = disc;
                continue;
            }

            if (!LibraryFolders.IsLibrary(Path.Folders[i], out var type))
            {
                own = own < 0 && Shelf is null ? i : own;
            }
            else if (type is not null && Shelf is null)
            {
                Shelf = type;
            }
        }

        return own;
    }
}
