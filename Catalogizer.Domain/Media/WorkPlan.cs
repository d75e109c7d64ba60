using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;

namespace Catalogizer.Domain.Media;

/// <summary>An item as a path asks for it: what it is, what makes it the same as another, and what it lies below.</summary>
/// <param name="Identity">Kind and folded names; two paths with the same identity are copies of the same item.</param>
/// <param name="Title">Null for parts without a name of their own.</param>
public sealed record WorkNode(
    MediaKind Kind, MediaType Type, string Identity, string? Title, int? Year, WorkNode? Parent, int? Season = null, int? Episode = null, int? EpisodeTo = null)
{
    /// <summary>It is what it is by decision: what a name calls it says nothing of it.</summary>
    public bool IsJoined { get; init; }
}

/// <summary>Where a media file belongs in the catalogue.</summary>
/// <param name="VersionKey">What makes several files of a folder one copy (parts, the chapters of an audiobook); null for a copy of its own.</param>
/// <param name="Label">What tells this copy from its sisters: edition, platform, version number.</param>
public sealed record WorkPlan(WorkNode Leaf, string? VersionKey, string? Label)
{
    /// <summary>How many folders above a name may say how it is spelled.</summary>
    private const int SpellingFolders = 3;

    /// <summary>What the files of one copy have in common, in the catalogue; null for a copy of its own.</summary>
    public string? VersionIdentity(long folder) => VersionKey is null ? null : string.Create(CultureInfo.InvariantCulture, $"{folder}/{VersionKey}");

    /// <summary>Pure: the same path and verdict always give the same plan.</summary>
    /// <param name="scope">Sets apart what cannot be the same work on two sources, such as plain files.</param>
    public static WorkPlan Of(string path, Verdict verdict, string scope)
    {
        var fields = Spelled(path, verdict.Fields);
        return verdict.Type switch
        {
            MediaType.Movie when fields.Title is not null => Film(path, fields),
            MediaType.TvShow when fields.Title is not null => Episode(fields),
            MediaType.Music when (fields.Album ?? fields.Artist ?? fields.Title) is not null => Track(path, fields),
            MediaType.Audiobook when (fields.Title ?? fields.Album) is not null => Audiobook(fields),
            MediaType.Game when fields.Title is not null => Simple(MediaKind.Game, verdict.Type, fields, path, JoinLabel(fields.Platform)),
            MediaType.Software when fields.Title is not null => Simple(MediaKind.Program, verdict.Type, fields, path, JoinLabel(fields.Version is null ? null : [fields.Version], fields.Platform)),
            MediaType.Book when fields.Title is not null => Simple(MediaKind.Book, verdict.Type, fields, path, Path.GetExtension(path).TrimStart('.').ToUpperInvariant()),
            MediaType.Comic when (fields.Series ?? fields.Title) is not null => Comic(fields),
            MediaType.Photo => PlainFile(MediaKind.Photo, MediaType.Photo, path, scope),
            _ => PlainFile(MediaKind.File, verdict.Type, path, scope),
        };
    }

    /// <summary>"Iron Fox/iron.fox.s01e01": where a title has no capitals, the nearest folder that begins with it has them.</summary>
    private static MediaFields Spelled(string path, MediaFields fields)
    {
        if (fields.Title is not { } title || HasCapitals(title))
        {
            return fields;
        }

        var end = path.LastIndexOf('/');
        for (var turn = 0; turn < SpellingFolders && end > 0; turn++)
        {
            var start = path.LastIndexOf('/', end - 1) + 1;
            if (SpelledAs(title, path.AsSpan(start, end - start)) is { } spelled)
            {
                return fields with { Title = spelled };
            }

            end = start - 1;
        }

        return fields;
    }

    /// <summary>The title in the letters that a folder begins with; null when it does not, or has no capitals either.</summary>
    private static string? SpelledAs(string title, ReadOnlySpan<char> folder)
    {
        var letters = title.ToCharArray();
        var at = 0;
        foreach (ref var letter in letters.AsSpan())
        {
            if (!char.IsLetterOrDigit(letter))
            {
                continue;
            }

            while (at < folder.Length && !char.IsLetterOrDigit(folder[at]))
            {
                at++;
            }

            if (at == folder.Length || char.ToLowerInvariant(folder[at]) != char.ToLowerInvariant(letter))
            {
                return null;
            }

            letter = folder[at++];
        }

        return HasCapitals(letters) && (at == folder.Length || !char.IsLetterOrDigit(folder[at])) ? new string(letters) : null;
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

    private static WorkPlan Film(string path, MediaFields fields)
    {
        var film = new WorkNode(MediaKind.Film, MediaType.Movie, Identity("film", fields.Title!, fields.Year), fields.Title, fields.Year, null);
        return new WorkPlan(film, PartKey(path, fields), JoinLabel(fields.Edition));
    }

    private static WorkPlan Episode(MediaFields fields)
    {
        var series = new WorkNode(MediaKind.Series, MediaType.TvShow, Identity("series", fields.Title!, null), fields.Title, fields.Year, null);
        var season = fields.Season ?? (fields.Seasons is { Count: > 0 } seasons ? seasons[0] : null);
        var parent = season is null ? series : new WorkNode(MediaKind.Season, MediaType.TvShow, $"{series.Identity}|s{season}", null, null, series, season);
        // "Title Part 2", of a broadcast in parts, tells its episodes apart by nothing else.
        var numbers = fields.Episodes is { Count: > 0 } episodes ? episodes : fields.Absolute ?? (fields is { Part: { } part, Date: null, EpisodeTitle: null } ? [part] : null);
        var episode = numbers is { Count: > 0 } ? numbers.Min() : (int?)null;
        var last = numbers is { Count: > 1 } ? numbers.Max() : (int?)null;
        var place = episode is null
            ? $"d{fields.Date ?? TextNormalizer.Fold(fields.EpisodeTitle ?? "")}"
            : string.Create(CultureInfo.InvariantCulture, $"e{episode}-{last}");
        var title = fields.EpisodeTitle ?? fields.Date;
        return new WorkPlan(
            new WorkNode(MediaKind.Episode, MediaType.TvShow, $"{parent.Identity}|{place}", title, null, parent, season, episode, last), null, JoinLabel(fields.Edition));
    }

    private static WorkPlan Track(string path, MediaFields fields)
    {
        var artist = fields.Artist is null ? null : new WorkNode(MediaKind.Artist, MediaType.Music, Identity("artist", fields.Artist, null), fields.Artist, null, null);
        var albumTitle = fields.Album ?? fields.Title ?? fields.Artist!;
        var album = new WorkNode(MediaKind.Album, MediaType.Music, Identity($"album|{TextNormalizer.Fold(fields.Artist ?? "")}", albumTitle, null), albumTitle, fields.Year, artist);
        var title = fields.Title ?? Path.GetFileNameWithoutExtension(path);
        var track = new WorkNode(
            MediaKind.Track, MediaType.Music, $"{album.Identity}|{fields.Disc ?? 1}.{fields.Track}|{TextNormalizer.Fold(title)}", title, null, album, fields.Disc, fields.Track);
        return new WorkPlan(track, null, null);
    }

    private static WorkPlan Audiobook(MediaFields fields)
    {
        var title = fields.Title ?? fields.Album!;
        var author = fields.Author ?? fields.Artist;
        var book = new WorkNode(MediaKind.Audiobook, MediaType.Audiobook, Identity($"audiobook|{TextNormalizer.Fold(author ?? "")}", title, null), title, fields.Year, null);
        return new WorkPlan(book, "chapters", author);
    }

    private static WorkPlan Comic(MediaFields fields)
    {
        var series = fields.Series ?? fields.Title!;
        var issue = fields.Chapter is { } chapter ? $" #{chapter}" : fields.Volume is { } volume ? $" v{volume}" : "";
        var comic = new WorkNode(MediaKind.Comic, MediaType.Comic, Identity("comic", series + issue, fields.Year), series + issue, fields.Year, null);
        return new WorkPlan(comic, null, fields.ReleaseGroup);
    }

    private static WorkPlan Simple(MediaKind kind, MediaType type, MediaFields fields, string path, string? label)
    {
        var by = TextNormalizer.Fold(fields.Author ?? "");
        var work = new WorkNode(kind, type, Identity($"{kind.Word()}|{by}", fields.Title!, null), fields.Title, fields.Year, null);
        return new WorkPlan(work, PartKey(path, fields), string.IsNullOrEmpty(label) ? null : label);
    }

    private static WorkPlan PlainFile(MediaKind kind, MediaType type, string path, string scope)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return new WorkPlan(new WorkNode(kind, type, $"{kind.Word()}|{scope}|{path}", name, null, null), null, null);
    }

    private static string Identity(string kind, string title, int? year) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}|{TextNormalizer.Fold(title)}|{year}");

    /// <summary>Parts and discs of one copy share everything but their number, so the folder and the title make the key; where
    /// two copies in parts lie side by side, their resolution and edition tell them apart.</summary>
    private static string? PartKey(string path, MediaFields fields)
    {
        if (fields.Part is null && fields.Disc is null)
        {
            return null;
        }

        var copy = fields.Resolution is null && fields.Edition is null ? "" : $"|{fields.Resolution}|{JoinLabel(fields.Edition)}";
        return $"parts|{TextNormalizer.Fold(fields.Title!)}|{Path.GetExtension(path).ToLowerInvariant()}{copy}";
    }

    private static string? JoinLabel(params ReadOnlySpan<IReadOnlyList<string>?> words)
    {
        var joined = new List<string>();
        foreach (var list in words)
        {
            joined.AddRange(list ?? []);
        }

        return joined.Count == 0 ? null : string.Join(", ", joined);
    }
}
