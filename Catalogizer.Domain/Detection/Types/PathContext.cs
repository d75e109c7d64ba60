using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>A path with its parsed name. The names of its folders are parsed on demand.</summary>
internal sealed class PathContext
{
    private readonly FolderHints _hints;

    public PathContext(MediaPath path, bool explain)
    {
        ShouldExplain = explain;
        _hints = FolderHints.From(path.ParentFolders);
        var group = FindLeadingGroup(path.Stem);
        Path = group is null ? path : path.WithNameFrom(1);
        ParsedName = ReleaseParser.Parse(Path.Stem, explain, Path.Kind is FileKind.Video or FileKind.Subtitle or FileKind.Metadata);
        if (group is not null && Fields.ReleaseGroup is null)
        {
            Fields.ReleaseGroup = group;
            ParsedName.AddClue("release_group", group, 0.8, "in front of the name and behind the folder's", 0, -1);
        }
    }

    public MediaPath Path { get; }

    public bool ShouldExplain { get; }

    /// <summary>The parsed name of the file itself.</summary>
    public ParsedName ParsedName { get; }

    public MediaFieldsBuilder Fields => ParsedName.Fields;

    /// <summary>The type of the nearest library folder ("Movies"); null when none has one.</summary>
    public MediaType? FolderType => _hints.FolderType;

    /// <summary>The kind of extra in the file's folder; null when it does not hold extras.</summary>
    public string? ExtraType => _hints.ExtraType;

    /// <summary>The number of the disc folder that contains the file; null without one.</summary>
    public int? Disc => _hints.Disc;

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

    // Files of a release repeat its group at the start: "grp-title.1999" in "Title.1999.1080p.BluRay-GRP".
    private string? FindLeadingGroup(TokenizedName stem) =>
        stem.Count > 1 && stem[0] is { Start: 0, Length: > 1, Kind: not TokenKind.Number } && stem[1].SeparatorBefore == Separator.Dash
        && GetFolder(ItemFolderIndex)?.Fields.ReleaseGroup is { } group && stem.RawText(0, 0).Equals(group, StringComparison.OrdinalIgnoreCase) ? group : null;
}
