using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>What the folders above a file say, the same for every file in them. Each thread keeps that of its last folder.</summary>
internal sealed class Shelving
{
    [ThreadStatic]
    private static Shelving? _last;

    private readonly FolderNames _folders;
    private readonly NameReading?[] _readings;
    private readonly bool[] _libraries;

    private Shelving(FolderNames folders)
    {
        _folders = folders;
        _readings = new NameReading?[folders.Names.Count];
        _libraries = new bool[folders.Names.Count];
        FirstFolder = Shelve();
    }

    /// <summary>What the nearest sorting folder holds ("Movies"); null when none says.</summary>
    public MediaType? Shelf { get; private set; }

    /// <summary>What the folder of extras that the file lies in holds.</summary>
    public string? ExtraFolder { get; private set; }

    /// <summary>Number of the disc folder that the file lies in.</summary>
    public int? Disc { get; private set; }

    /// <summary>Index of the nearest folder that is a work's own; -1 when there is none.</summary>
    public int FirstFolder { get; }

    public static Shelving Of(FolderNames folders) => _last is { } last && ReferenceEquals(last._folders, folders) ? last : _last = new Shelving(folders);

    /// <summary>A folder's name, read; 0 the nearest, null above the top. Nobody changes it.</summary>
    public NameReading? Reading(int index) =>
        index < 0 || index >= _readings.Length ? null : _readings[index] ??= ReleaseReading.Of(_folders.Text(index)!, false);

    /// <summary>Whether the folder is no work's own; false above the top.</summary>
    public bool IsLibrary(int index) => index >= 0 && index < _libraries.Length && _libraries[index];

    private int Shelve()
    {
        var own = -1;
        for (var i = 0; i < _libraries.Length; i++)
        {
            _libraries[i] = LibraryFolders.IsLibrary(_folders.Names[i], out var type);
            if (i == 0 && ExtraReader.OfFolder(_folders.Names[0]) is { } extra)
            {
                ExtraFolder = extra;
            }
            else if (own < 0 && Disc is null && DiscFolders.TryRead(_folders.Text(i)!, out var disc))
            {
                Disc = disc;
            }
            else if (!_libraries[i])
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
