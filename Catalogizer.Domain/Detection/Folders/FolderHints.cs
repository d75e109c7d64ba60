using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

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

    public static FolderHints From(FolderNames folders) => _last is { } last && ReferenceEquals(last._folders, folders) ? last : _last = new FolderHints(folders);

    /// <summary>
    /// A folder's parsed name; index 0 is the nearest folder, null above the top. Shared by the files of a folder: do not change it.
    /// </summary>
    public ParsedName? GetFolder(int index) =>
        index < 0 || index >= _parsedNames.Length ? null : _parsedNames[index] ??= ReleaseParser.Parse(_folders.GetTokenizedName(index)!, false);

    /// <summary>Whether the folder does not belong to a single item; false above the top.</summary>
    public bool IsLibraryFolder(int index) => index >= 0 && index < _libraryFolders.Length && _libraryFolders[index];

    // "Show/SPs"; directly below "Anime" or at the top, the folder belongs to nothing.
    private string? FindBonusFolder() =>
        _folders.Names.Count > 1 && !LibraryFolders.IsLibraryFolder(_folders.Names[1], out _) && BonusWords.IsBonusFolder(_folders.GetTokenizedName(0)!) ? "other" : null;

    private int FindFolderType()
    {
        var itemFolder = -1;
        for (var i = 0; i < _libraryFolders.Length; i++)
        {
            _libraryFolders[i] = LibraryFolders.IsLibraryFolder(_folders.Names[i], out var type);
            if (i == 0 && (ExtraReader.FromFolder(_folders.Names[0]) ?? FindBonusFolder()) is { } extra)
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
            }
        }

        return itemFolder;
    }
}
