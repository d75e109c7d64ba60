using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Scanning.Steps;

/// <summary>
/// Finds what the sidecars and extras of a folder belong to. By name: the version with the same stem; what the beginning of the stem names;
/// the film whose title the stem begins with. Otherwise the folder's only version, or the item that all its media files are of. Pure.
/// </summary>
internal sealed class FolderOwners
{
    private const int MinYear = 1880;
    private const int MaxYear = 2100;

    private static readonly string[] SidecarFolders =
    [
        "subs", "sub", "subtitles", "subtitle", "scans", "scan", "artwork", "art", "covers", "cover", "posters", "images", "fonts", "font", "sps", "sp", "screens", "screenshots",
        "extrafanart", "extrathumbs", ".actors", "nfo", "info", "proof", "sound", "soundtracks", "audio", "commentary", "creditless", "menus", "pv", "making of",
    ];

    private readonly string _folderName;
    private readonly Dictionary<string, List<OwnerFile>> _byStem = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<OwnerItem>> _byTitle = new(StringComparer.Ordinal);
    private readonly string[] _stems;
    private readonly OwnerItem? _folderItem;
    private readonly SidecarOwner? _folderOwner;

    /// <param name="folderName">Of the folder itself, without those above it; empty for the root of a source.</param>
    /// <param name="files">Its media files, or, when there are none, media files of the folders below it.</param>
    /// <param name="areBelow">Whether they are in the folders below, so that equal names mean nothing.</param>
    public FolderOwners(string folderName, IReadOnlyList<OwnerFile> files, bool areBelow = false)
    {
        _folderName = folderName;
        foreach (var file in areBelow ? [] : files)
        {
            (_byStem.TryGetValue(file.Stem, out var same) ? same : _byStem[file.Stem] = []).Add(file);
            AddTitle(file.Item.Root);
        }

        _stems = [.. _byStem.Keys.Order(StringComparer.OrdinalIgnoreCase)];
        _folderItem = FindCommonItem(files) is { } common ? LiftToFolder(common) : null;
        _folderOwner = IsOfOneVersion(files) && _folderItem == files[0].Item ? new SidecarOwner(files[0].VersionId, null) : OfItem(_folderItem);
    }

    /// <summary>Whether the folder is named for the item of its files, so that it is the item's own.</summary>
    public bool IsNamedForItem => _folderItem?.SelfAndAncestors.Any(i => i.Title is { } title && StartsWithWord(TextNormalizer.Fold(_folderName), title)) is true;

    /// <summary>Whether a folder holds what belongs to the item of the folder above it: extras, subtitles, scans.</summary>
    public static bool IsSidecarFolder(string name) => ExtraReader.FromFolder(name) is not null || SidecarFolders.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a folder holds a season, so that what lies in it belongs to the season and not to the only episode that is there.</summary>
    public static bool IsSeasonFolder(string name) => SeasonFolders.TryRead(new TokenizedName(name), out _);

    /// <param name="name">Of the sidecar's file.</param>
    /// <param name="byFolder">Whether it lies in the folder itself, or in one for extras, so that its place alone shows the owner.</param>
    /// <param name="isBelow">Whether it lies in a folder below: pictures and texts there do not describe a version.</param>
    public SidecarOwner? Find(string name, bool byFolder, bool isBelow = false) =>
        FindByName(name) ?? (!byFolder ? null : isBelow && IsDescription(name) ? OfItem(_folderItem) : _folderOwner);

    private SidecarOwner? FindByName(string name)
    {
        var stem = FileRoles.GetOwnerStem(name);
        if (stem.Length == 0)
        {
            return null;
        }

        if (_byStem.TryGetValue(stem, out var same))
        {
            return new SidecarOwner(same[0].VersionId, null);
        }

        return FindBeginning(stem) is { } beginning
            ? IsMedia(name) ? OfItem(FindCommonItem(beginning)) : OfVersionOrItem(beginning)
            : OfVersionOrItem(FindContinuations(stem)) ?? OfItem(FindByTitle(stem));
    }

    /// <summary>The files whose stem is the longest beginning of this one: "Film (2001)" of "Film (2001)-trailer".</summary>
    private List<OwnerFile>? FindBeginning(string stem)
    {
        for (var end = stem.Length - 1; end > 0; end--)
        {
            if (!char.IsLetterOrDigit(stem[end]) && _byStem.TryGetValue(stem[..end].TrimEnd(), out var files))
            {
                return files;
            }
        }

        return null;
    }

    /// <summary>The files whose stems begin with this one: "Film (2001) - 720p" and "Film (2001) - 1080p" for "Film (2001)".</summary>
    private List<OwnerFile> FindContinuations(string stem)
    {
        var found = new List<OwnerFile>();
        var start = Array.BinarySearch(_stems, stem, StringComparer.OrdinalIgnoreCase);
        for (var i = start < 0 ? ~start : start; i < _stems.Length && _stems[i].StartsWith(stem, StringComparison.OrdinalIgnoreCase); i++)
        {
            if (!char.IsLetterOrDigit(_stems[i][stem.Length]))
            {
                found.AddRange(_byStem[_stems[i]]);
            }
        }

        return found;
    }

    /// <summary>The one film or series whose title the stem begins with, and whose year it does not contradict; the longest title first.</summary>
    private OwnerItem? FindByTitle(string stem)
    {
        var folded = TextNormalizer.Fold(stem);
        for (var end = folded.Length; end > 0; end = folded.LastIndexOf(' ', end - 1))
        {
            if (_byTitle.TryGetValue(folded[..end], out var items))
            {
                var year = ReadYear(folded.AsSpan(end).TrimStart());
                var fitting = items.FindAll(i => year is null || i.Year is null || i.Year == year);
                return fitting is [var one] ? one : null;
            }
        }

        return null;
    }

    /// <summary>What a folder is for may be more than what is in it now: the only episode in a season's folder, the only season of a series.</summary>
    private OwnerItem LiftToFolder(OwnerItem item)
    {
        if (item.Kind == MediaKind.Track)
        {
            return item.Parent ?? item;
        }

        if (item.Kind is not (MediaKind.Episode or MediaKind.Season) || item.Parent is null || LibraryFolders.IsLibraryFolder(_folderName, out _))
        {
            return item;
        }

        if (IsSeasonFolder(_folderName))
        {
            return item.Kind == MediaKind.Season ? item : item.Parent;
        }

        var pattern = _folderName.Length == 0 ? null : ReleaseParser.Parse(new TokenizedName(_folderName), false).Episode;
        return pattern switch
        {
            { Episodes: not null } => item,
            not null => item.Kind == MediaKind.Season ? item : item.Parent,
            _ => item.Root,
        };
    }

    private void AddTitle(OwnerItem item)
    {
        if (item.Title is { } title)
        {
            var items = _byTitle.TryGetValue(title, out var known) ? known : _byTitle[title] = [];
            if (!items.Exists(i => i.Id == item.Id))
            {
                items.Add(item);
            }
        }
    }

    private static OwnerItem? FindCommonItem(IReadOnlyList<OwnerFile> files)
    {
        var common = files.Count == 0 ? null : files[0].Item;
        for (var i = 1; i < files.Count && common is not null; i++)
        {
            common = common.FindCommon(files[i].Item);
        }

        return common;
    }

    private static SidecarOwner? OfVersionOrItem(List<OwnerFile> files) =>
        IsOfOneVersion(files) ? new SidecarOwner(files[0].VersionId, null) : OfItem(FindCommonItem(files));

    private static bool IsOfOneVersion(IReadOnlyList<OwnerFile> files) => files.Count > 0 && files.All(f => f.VersionId == files[0].VersionId);

    private static SidecarOwner? OfItem(OwnerItem? item) => item is null ? null : new SidecarOwner(null, item.Id);

    /// <summary>Trailers and the like belong to the film, not to one of its versions.</summary>
    private static bool IsMedia(string name) => FileKinds.For(name).Kind is FileKind.Video or FileKind.Audio;

    private static bool IsDescription(string name) => FileKinds.For(name).Kind is FileKind.Image or FileKind.Metadata or FileKind.Companion;

    private static bool StartsWithWord(string text, string word) =>
        text.StartsWith(word, StringComparison.Ordinal) && (text.Length == word.Length || text[word.Length] == ' ');

    private static int? ReadYear(ReadOnlySpan<char> text) =>
        text.Length >= 4 && (text.Length == 4 || text[4] == ' ')
        && int.TryParse(text[..4], NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is > MinYear and < MaxYear ? year : null;
}
