using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Types;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>What the folders above a file reveal, the same for every file in them. Each thread caches the result for its last folder.</summary>
internal sealed class FolderHints
{
    [ThreadStatic]
    private static FolderHints? _last;

    private readonly FolderNames _folders;
    private readonly ParsedName?[] _parsedNames;
    private readonly bool[] _libraryFolders;

    private FolderHints(FolderNames folders)
    {
        _folders = folders;
        _parsedNames = new ParsedName?[folders.Names.Count];
        _libraryFolders = new bool[folders.Names.Count];
        CourseFolderIndex = Courses.FindFolder(folders);
        ItemFolderIndex = FindFolderType();
    }

    /// <summary>The type of the nearest library folder ("Movies"); null when none has one.</summary>
    public MediaType? FolderType { get; private set; }

    /// <summary>The kind of extra in the file's folder; null when it does not hold extras.</summary>
    public string? ExtraType { get; private set; }

    /// <summary>The number of the disc folder that contains the file; null without one.</summary>
    public int? Disc { get; private set; }

    /// <summary>Index of the nearest folder that belongs to an item; -1 when there is none.</summary>
    public int ItemFolderIndex { get; }

    /// <summary>What the nearest library folder says about numbers of episodes.</summary>
    public NamePlace Place { get; private set; }

    /// <summary>Whether the file is below "roms": films, sound and pictures there belong to games.</summary>
    public bool IsInRomFolder { get; private set; }

    /// <summary>Whether the nearest library folder holds programs rather than images of any kind ("ISOs").</summary>
    public bool HoldsPrograms { get; private set; }

    /// <summary>Index of the nearest folder that is a course; -1 when there is none.</summary>
    public int CourseFolderIndex { get; }

    public static FolderHints From(FolderNames folders) => _last is { } last && ReferenceEquals(last._folders, folders) ? last : _last = new FolderHints(folders);

    /// <summary>
    /// A folder's parsed name; index 0 is the nearest folder, null above the top. Shared by the files of a folder: do not change it.
    /// </summary>
    public ParsedName? GetFolder(int index) =>
        index < 0 || index >= _parsedNames.Length ? null
            : _parsedNames[index] ??= ReleaseParser.Parse(_folders.GetTokenizedName(index)!, false, Place == NamePlace.Films ? Place : NamePlace.Any);

    /// <summary>Whether the folder does not belong to a single item; false above the top.</summary>
    public bool IsLibraryFolder(int index) => index >= 0 && index < _libraryFolders.Length && _libraryFolders[index];

    private int FindFolderType()
    {
        var itemFolder = -1;
        for (var i = 0; i < _libraryFolders.Length; i++)
        {
            IsInRomFolder |= _folders.Names[i].Equals("roms", StringComparison.OrdinalIgnoreCase);
            _libraryFolders[i] = LibraryFolders.IsLibraryFolder(_folders.Names[i], out var type);
            if (i == 0 && ExtraReader.FromFolder(_folders.Names[0]) is { } extra)
            {
                ExtraType = extra;
            }
            else if (itemFolder < 0 && Disc is null && DiscFolders.TryRead(_folders.GetTokenizedName(i)!, out var disc))
            {
                Disc = disc;
            }
            else if (!_libraryFolders[i])
            {
                itemFolder = itemFolder < 0 && FolderType is null ? i : itemFolder;
            }
            else if (type is not null && FolderType is null)
            {
                FolderType = type;
                HoldsPrograms = LibraryFolders.HoldsOnlyPrograms(_folders.Names[i]);
                Place = type is MediaType.Game or MediaType.Software ? NamePlace.Programs
                    : LibraryFolders.HoldsOnlyFilms(_folders.Names[i]) && !SeasonFolders.TryRead(_folders.GetTokenizedName(0), out _) ? NamePlace.Films : NamePlace.Any;
            }
        }

        return itemFolder;
    }
}
