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

    private readonly ParsedName?[] _parsedNames;
    private readonly bool[] _libraryFolders;
    private FolderHints? _above;
    private int? _namingFolderIndex;

    private FolderHints(FolderNames folders)
    {
        Folders = folders;
        _parsedNames = new ParsedName?[folders.Names.Count];
        _libraryFolders = new bool[folders.Names.Count];
        CourseFolderIndex = Courses.FindFolder(folders);
        ItemFolderIndex = FindFolderType();
        Place = Place == NamePlace.Any && SeasonFolders.TryRead(Folders.GetTokenizedName(0), out _) ? NamePlace.Series : Place;
    }

    public FolderNames Folders { get; }

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

    /// <summary>Whether a folder above is one for games, so that the folder of a game may follow.</summary>
    public bool CanHoldGames { get; private set; }

    /// <summary>Whether the file is below "roms": films, sound and pictures there belong to games.</summary>
    public bool IsInRomFolder { get; private set; }

    /// <summary>Whether the nearest library folder holds programs rather than images of any kind ("ISOs").</summary>
    public bool HoldsPrograms { get; private set; }

    /// <summary>Index of the nearest folder that can name a file whose own name says nothing; -1 when there is none.</summary>
    public int NamingFolderIndex => _namingFolderIndex ??= NamelessFile.FindNamingFolder(this);

    /// <summary>Index of the nearest folder that is a course; -1 when there is none.</summary>
    public int CourseFolderIndex { get; }

    public static FolderHints From(FolderNames folders) => _last is { } last && ReferenceEquals(last.Folders, folders) ? last : _last = new FolderHints(folders);

    /// <summary>The folders without the nearest ones, for a file that is named after one of those.</summary>
    public FolderHints SkipNearest(int count)
    {
        if (count == 0)
        {
            return this;
        }

        if (_above is null || _above.Folders.Names.Count != Folders.Names.Count - count)
        {
            _above = new FolderHints(Folders.SkipNearest(count));
        }

        return _above;
    }

    /// <summary>
    /// A folder's parsed name; index 0 is the nearest folder, null above the top. Shared by the files of a folder: do not change it.
    /// </summary>
    public ParsedName? GetFolder(int index) =>
        index < 0 || index >= _parsedNames.Length ? null : _parsedNames[index] ??= Parse(index);

    private ParsedName Parse(int index)
    {
        var name = Folders.GetTokenizedName(index)!;
        var words = CollectionFolders.CountLeadingWords(name, IsLibraryFolder(index + 1) ? null : GetFolder(index + 1), FolderType);
        return ReleaseParser.Parse(words == 0 ? name : new TokenizedName(name.Text.AsSpan(name[words].Start)), false, Place == NamePlace.Programs ? NamePlace.Any : Place);
    }

    /// <summary>Whether the folder does not belong to a single item; false above the top.</summary>
    public bool IsLibraryFolder(int index) => index >= 0 && index < _libraryFolders.Length && _libraryFolders[index];

    // "Show/SPs"; directly below "Anime" or at the top, the folder belongs to nothing.
    private string? FindBonusFolder() =>
        Folders.Names.Count > 1 && !LibraryFolders.IsLibraryFolder(Folders.Names[1], out _) && BonusWords.IsBonusFolder(Folders.GetTokenizedName(0)!) ? "other" : null;

    private int FindFolderType()
    {
        var itemFolder = -1;
        for (var i = 0; i < _libraryFolders.Length; i++)
        {
            IsInRomFolder |= Folders.Names[i].Equals("roms", StringComparison.OrdinalIgnoreCase);
            _libraryFolders[i] = LibraryFolders.IsLibraryFolder(Folders.Names[i], out var type);
            CanHoldGames |= type == MediaType.Game || Folders.Names[i].Equals("steamapps", StringComparison.OrdinalIgnoreCase);
            if (i == 0 && (ExtraReader.FromFolder(Folders.Names[0]) ?? FindBonusFolder()) is { } extra)
            {
                ExtraType = extra;
            }
            else if (itemFolder < 0 && Disc is null && DiscFolders.TryRead(Folders.GetTokenizedName(i)!, out var disc))
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
                HoldsPrograms = LibraryFolders.HoldsOnlyPrograms(Folders.Names[i]);
                Place = ReadPlace(type.Value, Folders.Names[i]);
            }
        }

        return itemFolder;
    }

    private NamePlace ReadPlace(MediaType type, string libraryFolder) => type switch
    {
        MediaType.Game or MediaType.Software => NamePlace.Programs,
        MediaType.TvShow => NamePlace.Series,
        _ => LibraryFolders.HoldsOnlyFilms(libraryFolder) && !SeasonFolders.TryRead(Folders.GetTokenizedName(0), out _) ? NamePlace.Films : NamePlace.Any,
    };
}
