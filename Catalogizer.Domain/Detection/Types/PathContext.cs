using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>A path with its parsed name. The names of its folders are parsed on demand.</summary>
internal sealed class PathContext
{
    private FolderHints _hints;
    private int? _discBelowOwner;

    public PathContext(string fullPath, bool explain)
    {
        var path = new MediaPath(fullPath);
        ShouldExplain = explain;
        _hints = FolderHints.From(path.ParentFolders);
        GameFolder = _hints.CanHoldGames && GameFolders.FindEnd(fullPath) is > 0 and var end ? fullPath[..end] : null;
        path = EnterDisc(path, fullPath);
        var group = FindLeadingGroup(path.Stem);
        Path = group is null ? RemoveCollection(path) : path.WithNameFrom(1);
        ParsedName = ParseName();
        if (group is not null && Fields.ReleaseGroup is null)
        {
            Fields.ReleaseGroup = group;
            ParsedName.AddClue("release_group", group, 0.8, "in front of the name and behind the folder's", 0, -1);
        }

        if (NamelessFile.TryRead(Path, ParsedName, _hints, group is not null) is { } nameless)
        {
            ReadNameOfFolder(nameless);
        }
    }

    public MediaPath Path { get; private set; }

    public bool ShouldExplain { get; }

    /// <summary>The parsed name of the file itself, or of the folder that names it.</summary>
    public ParsedName ParsedName { get; private set; }

    public MediaFieldsBuilder Fields => ParsedName.Fields;

    /// <summary>The type of the nearest library folder ("Movies"); null when none has one.</summary>
    public MediaType? FolderType => _hints.FolderType;

    /// <summary>The path of the folder that a game is installed in; null when the file is in none.</summary>
    public string? GameFolder { get; }

    /// <summary>Whether the file is below "roms": films, sound and pictures there belong to games.</summary>
    public bool IsInRomFolder => _hints.IsInRomFolder;

    /// <summary>Whether the nearest library folder holds programs rather than images of any kind ("ISOs").</summary>
    public bool HoldsPrograms => _hints.HoldsPrograms;

    /// <summary>Index of the nearest folder that is a course; -1 when there is none.</summary>
    public int CourseFolderIndex => _hints.CourseFolderIndex;

    /// <summary>The kind of extra in the file's folder; null when it does not hold extras.</summary>
    public string? ExtraType => _hints.ExtraType;

    /// <summary>The number of the disc folder that contains the file; null without one.</summary>
    public int? Disc => _hints.Disc ?? _discBelowOwner;

    /// <summary>Index of the nearest folder that belongs to an item; -1 when there is none.</summary>
    public int ItemFolderIndex => _hints.ItemFolderIndex;

    public ParsedName? GetFolder(int index) => _hints.GetFolder(index);

    /// <summary>Index of the nearest folder, at or above <paramref name="index"/>, that belongs to an item; -1 when there is none.</summary>
    public int FindItemFolder(int index)
    {
        while (_hints.IsLibraryFolder(index))
        {
            index++;
        }

        return index < Path.Folders.Count ? index : -1;
    }

    private ParsedName ParseName() => ReleaseParser.Parse(
        Path.Stem, ShouldExplain, _hints.Place == NamePlace.Programs && Path.Kind is FileKind.Video or FileKind.Audio ? NamePlace.Any : _hints.Place, Path.Kind is FileKind.Video or FileKind.Subtitle or FileKind.Metadata);

    // All files of a disc are one work, which the folder that holds them names.
    private MediaPath EnterDisc(MediaPath path, string fullPath)
    {
        var inside = DiscFolder.CountFoldersInside(fullPath.AsSpan(0, Math.Max(0, fullPath.LastIndexOf('/'))), path);
        if (inside < 0 || inside > path.Folders.Count || _hints.SkipNearest(inside) is not { ItemFolderIndex: >= 0 } hints)
        {
            return path;
        }

        _hints = hints;
        return path.AsNamelessVideo(hints.Folders);
    }

    private MediaPath RemoveCollection(MediaPath path)
    {
        var words = path.Kind is FileKind.Video or FileKind.Subtitle or FileKind.Metadata
            ? CollectionFolders.CountLeadingWords(path.Stem, FindCollection(), FolderType)
            : 0;
        return words == 0 ? path : path.WithNameFrom(words);
    }

    // The file's folder or, where each film has a folder of its own, the one above.
    private ParsedName? FindCollection()
    {
        var folder = GetFolder(ItemFolderIndex);
        return folder is null || CollectionTitle.IsCollection(folder) || ItemFolderIndex + 1 >= _hints.Folders.Names.Count || _hints.IsLibraryFolder(ItemFolderIndex + 1)
            ? folder
            : GetFolder(ItemFolderIndex + 1);
    }

    private void ReadNameOfFolder(NamelessFile nameless)
    {
        var own = ParsedName;
        var extra = _hints.Folders.Names.Take(nameless.SkippedFolders).Select(folder => ExtraReader.FromFolder(folder)).FirstOrDefault(type => type is not null);
        _discBelowOwner = _hints.Disc;
        _hints = _hints.SkipNearest(nameless.SkippedFolders);
        Path = Path.WithName(nameless.Name, _hints.Folders);
        ParsedName = ParseName();
        Fields.Extra ??= own.Fields.Extra ?? extra;
        Fields.Part ??= own.Fields.Part;
        Fields.Disc ??= own.Name.Count == 0 ? _discBelowOwner : null;
        Fields.InheritQuality(nameless.Owner.Fields);
        Fields.Resolution ??= own.Fields.Resolution;
        ParsedName.Clues?.AddRange(own.Clues!);
    }

    // Files of a release repeat its group at the start: "grp-title.1999" in "Title.1999.1080p.BluRay-GRP".
    private string? FindLeadingGroup(TokenizedName stem) =>
        stem.Count > 1 && stem[0] is { Start: 0, Length: > 1, Kind: not TokenKind.Number } && stem[1].SeparatorBefore == Separator.Dash
        && GetFolder(ItemFolderIndex)?.Fields.ReleaseGroup is { } group && stem.RawText(0, 0).Equals(group, StringComparison.OrdinalIgnoreCase) ? group : null;
}
