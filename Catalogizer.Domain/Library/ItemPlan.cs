using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Folders;

namespace Catalogizer.Domain.Library;

/// <summary>An item as derived from a path: what it is, what makes it the same as another, and its parent.</summary>
/// <param name="Identity">What makes two paths versions of the same item: see <see cref="ItemIdentity"/>.</param>
/// <param name="Title">Null for parts without their own name.</param>
public sealed record ItemNode(
    MediaKind Kind, MediaType Type, string Identity, string? Title, int? Year, ItemNode? Parent, int? Season = null, int? Episode = null, int? EpisodeTo = null)
{
    /// <summary>Whether a user's decision determines the item, so that its files' names do not describe it.</summary>
    public bool IsMerged { get; init; }
}

/// <summary>Where a media file belongs in the catalogue.</summary>
/// <param name="VersionKey">What makes several files one version (parts, the chapters of an audiobook, the files of a disc); null for a single file.</param>
/// <param name="Label">What distinguishes this version from others of the item: edition, platform, version number.</param>
public sealed record ItemPlan(ItemNode Leaf, string? VersionKey, string? Label)
{
    /// <summary>How many parent folders may determine the spelling of a title.</summary>
    private const int MaxSpellingFolders = 3;

    /// <summary>The folder below which the version's files are, in several folders; null when all are in one folder.</summary>
    public string? VersionFolder { get; init; }

    /// <summary>What the files of one version have in common in the catalogue; null for a single file.</summary>
    /// <param name="folder">The id of the file's folder.</param>
    public string? GetVersionIdentity(long sourceId, long folder) =>
        VersionKey is null ? null
        : VersionFolder is null ? string.Create(CultureInfo.InvariantCulture, $"{folder}/{VersionKey}")
        : string.Create(CultureInfo.InvariantCulture, $"{sourceId}:{VersionFolder}|{VersionKey}");

    /// <summary>Pure: the same path and verdict always give the same plan.</summary>
    /// <param name="scope">Separates what cannot be the same item on two sources, such as plain files.</param>
    public static ItemPlan Create(string path, Verdict verdict, string scope)
    {
        var fields = WithFolderSpelling(path, verdict.Fields);
        return verdict.Type switch
        {
            MediaType.Movie when fields.Title is not null => CreateFilm(path, fields),
            MediaType.TvShow when fields.Title is not null => CreateEpisode(fields),
            MediaType.Music when (fields.Album ?? fields.Artist ?? fields.Title) is not null => CreateTrack(path, fields),
            MediaType.Audiobook when (fields.Title ?? fields.Album) is not null => CreateAudiobook(path, fields),
            MediaType.Game when fields.Title is not null => CreateGame(path, fields, verdict.GameFolder),
            MediaType.Software when fields.Title is not null => CreateSimple(MediaKind.Program, verdict.Type, fields, path, CombineLabels(fields.Version is null ? null : [fields.Version], fields.Platform)),
            MediaType.Book when fields.Title is not null => CreateSimple(MediaKind.Book, verdict.Type, fields, path, Path.GetExtension(path).TrimStart('.').ToUpperInvariant()),
            MediaType.Comic when (fields.Series ?? fields.Title) is not null => CreateComic(fields),
            MediaType.Photo => CreatePlainFile(MediaKind.Photo, MediaType.Photo, path, scope),
            _ => CreatePlainFile(MediaKind.File, verdict.Type, path, scope),
        };
    }

    /// <summary>The plan of every file of a disc folder.</summary>
    /// <param name="verdict">For <see cref="DiscFolder.NamePath"/>.</param>
    public static ItemPlan Create(DiscFolder disc, Verdict verdict, string scope)
    {
        ArgumentNullException.ThrowIfNull(disc);
        ArgumentNullException.ThrowIfNull(verdict);
        var plan = Create(disc.NamePath, verdict, scope);
        var fields = verdict.Fields;
        if (fields.Part is null && fields.Disc is null)
        {
            return plan with { VersionKey = "disc", VersionFolder = disc.Path };
        }

        var slash = disc.Path.LastIndexOf('/');
        return plan with { VersionKey = plan.VersionKey ?? $"parts{FormatVersionSuffix(fields)}", VersionFolder = slash < 0 ? "" : disc.Path[..slash] };
    }

    /// <summary>"Iron Fox/iron.fox.s01e01": a title without capitals gets those of the nearest folder that begins with it.</summary>
    private static MediaFields WithFolderSpelling(string path, MediaFields fields)
    {
        if (fields.Title is not { } title || HasCapitals(title))
        {
            return fields;
        }

        var end = path.LastIndexOf('/');
        for (var level = 0; level < MaxSpellingFolders && end > 0; level++)
        {
            var start = path.LastIndexOf('/', end - 1) + 1;
            if (FindSpelling(title, path.AsSpan(start, end - start)) is { } spelled)
            {
                return fields with { Title = spelled };
            }

            end = start - 1;
        }

        return fields;
    }

    /// <summary>The title as the folder spells it; null when the folder does not begin with it, or has no capitals either.</summary>
    private static string? FindSpelling(string title, ReadOnlySpan<char> folder)
    {
        var letters = title.ToCharArray();
        var index = 0;
        foreach (ref var letter in letters.AsSpan())
        {
            if (!char.IsLetterOrDigit(letter))
            {
                continue;
            }

            while (index < folder.Length && !char.IsLetterOrDigit(folder[index]))
            {
                index++;
            }

            if (index == folder.Length || char.ToLowerInvariant(folder[index]) != char.ToLowerInvariant(letter))
            {
                return null;
            }

            letter = folder[index++];
        }

        return HasCapitals(letters) && (index == folder.Length || !char.IsLetterOrDigit(folder[index])) ? new string(letters) : null;
    }

    private static bool HasCapitals(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (char.IsUpper(letter))
            {
                return true;
            }
        }

        return false;
    }

    private static ItemPlan CreateFilm(string path, MediaFields fields)
    {
        var film = new ItemNode(MediaKind.Film, MediaType.Movie, CreateIdentity("film", fields.Title!, fields.Marks), fields.Title, fields.Year, null);
        return CreateOfParts(film, path, fields, CombineLabels(fields.Edition));
    }

    private static ItemPlan CreateEpisode(MediaFields fields)
    {
        var series = new ItemNode(MediaKind.Series, MediaType.TvShow, CreateIdentity("series", fields.Title!, fields.Marks), fields.Title, fields.Marks.Year ?? fields.Year, null);
        var season = fields.Season ?? (fields.Seasons is { Count: > 0 } seasons ? seasons[0] : null);
        var parent = season is null ? series : new ItemNode(MediaKind.Season, MediaType.TvShow, $"{series.Identity}|s{season}", null, null, series, season);
        // "Title Part 2", of a broadcast in parts: only the part number distinguishes its episodes.
        var numbers = fields.Episodes is { Count: > 0 } episodes ? episodes : fields.Absolute ?? (fields is { Part: { } part, Date: null, EpisodeTitle: null } ? [part] : null);
        var episode = numbers is { Count: > 0 } ? numbers.Min() : (int?)null;
        var lastEpisode = numbers is { Count: > 1 } ? numbers.Max() : (int?)null;
        var episodeKey = episode is null
            ? $"d{fields.Date ?? TextNormalizer.Fold(fields.EpisodeTitle ?? "")}"
            : string.Create(CultureInfo.InvariantCulture, $"e{episode}{fields.EpisodePart}-{lastEpisode}");
        // Without a title of its own, half an episode would be listed like the whole one.
        var title = fields.EpisodeTitle ?? fields.Date
            ?? (fields.EpisodePart is { } half ? string.Create(CultureInfo.InvariantCulture, $"E{episode:00}{half}") : null);
        return new ItemPlan(
            new ItemNode(MediaKind.Episode, MediaType.TvShow, $"{parent.Identity}|{episodeKey}", title, null, parent, season, episode, lastEpisode), null, CombineLabels(fields.Edition));
    }

    private static ItemPlan CreateTrack(string path, MediaFields fields)
    {
        var artist = fields.Artist is null ? null : new ItemNode(MediaKind.Artist, MediaType.Music, CreateIdentity("artist", fields.Artist, default), fields.Artist, null, null);
        var albumTitle = fields.Album ?? fields.Title ?? fields.Artist!;
        var identity = CreateIdentity($"album|{TextNormalizer.Fold(fields.Artist ?? "")}", albumTitle, fields.Marks);
        var album = new ItemNode(MediaKind.Album, MediaType.Music, identity, albumTitle, fields.Marks.Year ?? fields.Year, artist);
        var title = fields.Title ?? Path.GetFileNameWithoutExtension(path);
        var track = new ItemNode(
            MediaKind.Track, MediaType.Music, $"{album.Identity}|{fields.Disc ?? 1}.{fields.Track}|{TextNormalizer.Fold(title)}", title, null, album, fields.Disc, fields.Track);
        return new ItemPlan(track, null, null);
    }

    private static ItemPlan CreateAudiobook(string path, MediaFields fields)
    {
        var title = fields.Title ?? fields.Album!;
        var author = fields.Author ?? fields.Artist;
        var book = new ItemNode(MediaKind.Audiobook, MediaType.Audiobook, CreateIdentity($"audiobook|{TextNormalizer.Fold(author ?? "")}", title, default), title, fields.Year, null);
        return new ItemPlan(book, "chapters", author) { VersionFolder = PartFolder.FindAbove(path) };
    }

    private static ItemPlan CreateComic(MediaFields fields)
    {
        var series = fields.Series ?? fields.Title!;
        var issue = fields.Chapter is { } chapter ? $" #{chapter}" : fields.Volume is { } volume ? $" v{volume}" : "";
        var comic = new ItemNode(MediaKind.Comic, MediaType.Comic, CreateIdentity("comic", series + issue, fields.Marks), series + issue, fields.Year, null);
        return new ItemPlan(comic, null, fields.ReleaseGroup);
    }

    /// <summary>All files of an installed game are one version.</summary>
    private static ItemPlan CreateGame(string path, MediaFields fields, string? folder)
    {
        var plan = CreateSimple(MediaKind.Game, MediaType.Game, fields, path, CombineLabels(fields.Platform));
        return folder is null ? plan : plan with { VersionKey = $"game|{fields.Version}", VersionFolder = folder };
    }

    private static ItemPlan CreateSimple(MediaKind kind, MediaType type, MediaFields fields, string path, string? label)
    {
        var author = TextNormalizer.Fold(fields.Author ?? "");
        var item = new ItemNode(kind, type, CreateIdentity($"{kind.ToApiName()}|{author}", fields.Title!, ItemIdentity.HasMarks(kind) ? fields.Marks : default), fields.Title, fields.Year, null);
        return CreateOfParts(item, path, fields, string.IsNullOrEmpty(label) ? null : label);
    }

    private static ItemPlan CreatePlainFile(MediaKind kind, MediaType type, string path, string scope)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return new ItemPlan(new ItemNode(kind, type, $"{kind.ToApiName()}|{scope}|{path}", name, null, null), null, null);
    }

    private static string CreateIdentity(string kind, string title, ItemMarks marks) => ItemIdentity.Create(kind, TextNormalizer.Fold(title), marks);

    /// <summary>
    /// Parts and discs of one version share everything but their number, so the folder and the title make the key; where two versions in parts
    /// share a folder, their resolution and edition distinguish them. Parts in folders of their own ("CD1", "CD2") share the folder above.
    /// </summary>
    private static ItemPlan CreateOfParts(ItemNode item, string path, MediaFields fields, string? label)
    {
        var folder = PartFolder.FindAbove(path) is { } above && PartFolder.IsNamedFor(above, fields.Title!) ? above : null;
        var key = fields.Part is null && fields.Disc is null && folder is null
            ? null
            : $"parts|{TextNormalizer.Fold(fields.Title!)}|{Path.GetExtension(path).ToLowerInvariant()}{FormatVersionSuffix(fields)}";
        return new ItemPlan(item, key, label) { VersionFolder = key is null ? null : folder };
    }

    private static string FormatVersionSuffix(MediaFields fields) =>
        fields.Resolution is null && fields.Edition is null ? "" : $"|{fields.Resolution}|{CombineLabels(fields.Edition)}";

    private static string? CombineLabels(params ReadOnlySpan<IReadOnlyList<string>?> words)
    {
        var joined = new List<string>();
        foreach (var list in words)
        {
            joined.AddRange(list ?? []);
        }

        return joined.Count == 0 ? null : string.Join(", ", joined);
    }
}
