using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>What the folders above a file say, the same for every file in them. Each thread keeps that of its last folder.</summary>
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

    /// <summary>What the nearest sorting folder holds ("Movies"); null when none says.</summary>
    public MediaType? FolderType { get; private set; }

    /// <summary>What the folder of extras that the file lies in holds.</summary>
    public string? ExtraType { get; private set; }

    /// <summary>Number of the disc folder that the file lies in.</summary>
    public int? Disc { get; private set; }

    /// <summary>Index of the nearest folder that is a work's own; -1 when there is none.</summary>
    public int ItemFolderIndex { get; }

    public static FolderHints From(FolderNames folders) => _last is { } last && ReferenceEquals(last._folders, folders) ? last : _last = new FolderHints(folders);

    /// <summary>A folder's name, read; 0 the nearest, null above the top. Nobody changes it.</summary>
    public ParsedName? GetFolder(int index) =>
        index < 0 || index >= _parsedNames.Length ? null : _parsedNames[index] ??= ReleaseParser.Parse(_folders.GetTokenizedName(index)!, false);

    /// <summary>Whether the folder is no work's own; false above the top.</summary>
    public bool IsLibraryFolder(int index) => index >= 0 && index < _libraryFolders.Length && _libraryFolders[index];

    private int FindFolderType()
    {
        var itemFolder = -1;
        for (var i = 0; i < _libraryFolders.Length; i++)
        {
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
            }
        }

        return itemFolder;
    }
}
