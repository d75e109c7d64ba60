using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>A path with its name read, and its folders read when somebody asks.</summary>
internal sealed class Entry
{
    private readonly Shelving _above;

    public Entry(MediaPath path, bool explain)
    {
        Explain = explain;
        _above = Shelving.Of(path.Above);
        var group = GroupInFront(path.Stem);
        Path = group is null ? path : path.From(1);
        Reading = ReleaseReading.Of(Path.Stem, explain);
        if (group is not null && Fields.ReleaseGroup is null)
        {
            Fields.ReleaseGroup = group;
            Reading.Say("release_group", group, 0.8, "in front of the name and behind the folder's", 0, -1);
        }
    }

    public MediaPath Path { get; }

    public bool Explain { get; }

    /// <summary>The file's own name, read.</summary>
    public NameReading Reading { get; }

    public FieldsDraft Fields => Reading.Fields;

    /// <summary>What the nearest sorting folder holds ("Movies"); null when none says.</summary>
    public MediaType? Shelf => _above.Shelf;

    /// <summary>What the folder of extras that the file lies in holds.</summary>
    public string? ExtraFolder => _above.ExtraFolder;

    /// <summary>Number of the disc folder that the file lies in.</summary>
    public int? Disc => _above.Disc;

    /// <summary>Index of the nearest folder that is a work's own; -1 when there is none.</summary>
    public int FirstFolder => _above.FirstFolder;

    public NameReading? Folder(int index) => _above.Reading(index);

    /// <summary>The nearest folder of a work at or above <paramref name="index"/>, -1 when there is none.</summary>
    public int OwnFolder(int index)
    {
        while (_above.IsLibrary(index))
        {
            index++;
        }

        return index < Path.Folders.Count ? index : -1;
    }

    // Files of a release repeat its group in front: "grp-title.1999" in "Title.1999.1080p.BluRay-GRP".
    private string? GroupInFront(NameText stem) =>
        stem.Count > 1 && stem[0] is { Start: 0, Length: > 1, Shape: not Shape.Number } && stem[1].Before == Gap.Dash
        && Folder(FirstFolder)?.Fields.ReleaseGroup is { } group && stem.Raw(0, 0).Equals(group, StringComparison.OrdinalIgnoreCase) ? group : null;
}
