using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Detection.Types;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>
/// A file whose name says nothing of the title: the inside of a disc, a hash, "video", or its folder's name cut short ("flz-hs305"). It is read as
/// if it had its folder's name; its own tells at most the season, the episode and the part.
/// </summary>
/// <param name="Name">The name to read instead of the file's own.</param>
/// <param name="SkippedFolders">The number of the nearest folders that this name already covers.</param>
/// <param name="Owner">The folder that tells the title, or a part of it.</param>
internal sealed record NamelessFile(TokenizedName Name, int SkippedFolders, ParsedName Owner)
{
    /// <summary>For <see cref="FolderHints.NamingFolderIndex"/>. A folder below a release may itself be a hash.</summary>
    public static int FindNamingFolder(FolderHints hints)
    {
        var at = hints.ItemFolderIndex;
        while (at >= 0 && hints.GetFolder(at) is { } folder && (RandomLetters.IsHash(folder.Name.Text) || RandomLetters.IsRandom(folder.Name.Text)))
        {
            at = at + 1 < hints.Folders.Names.Count && !hints.IsLibraryFolder(at + 1) ? at + 1 : -1;
        }

        return at >= 0 && IsShelf(hints.Folders.GetTokenizedName(at)!) ? -1 : at;
    }

    public static NamelessFile? TryRead(MediaPath path, ParsedName parsed, FolderHints hints, bool hasGroup)
    {
        if (hints.FolderType is not (null or MediaType.Movie or MediaType.TvShow))
        {
            return null;
        }

        var at = hints.NamingFolderIndex;
        if (at < 0 || !CanBeNameless(path.Kind, hints.GetFolder(at)!) || !NamelessWords.SayNothing(path, parsed, hints, at, hasGroup))
        {
            return null;
        }

        var owner = hints.GetFolder(at)!;
        var isSeason = IsSeason(owner, out var season);
        return FindEpisode(parsed, hints, owner, season) is { } episode ? new NamelessFile(new TokenizedName(episode), at, owner)
            : isSeason && owner.Fields.Disc is null && SeasonFolders.TryRead(owner.Name, out _) ? new NamelessFile(TokenizedName.Empty, at, owner)
            : new NamelessFile(owner.Name, at + 1, owner);
    }

    // Folders that sort films by letter, year or genre name none.
    private static bool IsShelf(TokenizedName folder) => folder.Count == 1 && (folder.Text.Length == 1 || folder.Number(0) is >= YearReader.MinYear and <= YearReader.MaxYear
        || folder.Word(0) is "action" or "adventure" or "animation" or "comedy" or "crime" or "documentary" or "drama" or "family" or "fantasy" or "history" or "horror" or "kids"
            or "musical" or "mystery" or "romance" or "scifi" or "thriller" or "war" or "western" or "komödie" or "krimi" or "kinder" or "comédie" or "policier" or "comedia" or "terror");

    private static bool CanBeNameless(FileKind kind, ParsedName owner) => kind switch
    {
        FileKind.Video => true,
        FileKind.Subtitle or FileKind.Metadata or FileKind.Companion or FileKind.DiscImage => FilmClassifier.HasVideoTerms(owner),
        _ => false,
    };

    /// <summary>Whether the folder is of a season or series; <paramref name="season"/> is -1 where it does not tell which season.</summary>
    public static bool IsSeason(ParsedName owner, out int season)
    {
        season = -1;
        if (SeasonFolders.TryRead(owner.Name, out var number) || owner.Episode is { Episodes: null, Season: { } packed } && (number = packed) >= 0)
        {
            season = number;
            return true;
        }

        return IsSeries(owner);
    }

    // The episode as a name of its own: "S03E05", or "05" where the folder gives the season; null when the file's name has none.
    private static string? FindEpisode(ParsedName parsed, FolderHints hints, ParsedName owner, int season)
    {
        if (parsed.Fields.Episodes is { Count: > 0 } episodes)
        {
            var tags = string.Concat(episodes.Select(episode => string.Create(CultureInfo.InvariantCulture, $"E{episode:00}")));
            return parsed.Fields.Season is { } own ? string.Create(CultureInfo.InvariantCulture, $"S{own:00}{tags}") : tags;
        }

        var number = RandomLetters.IsHash(parsed.Name.Text) || owner is { Episode.Episodes: not null } or { DateIndex: >= 0 } ? -1 : NamelessWords.FindNumber(parsed);
        if (season >= 0)
        {
            return number switch
            {
                < 1 => null,
                _ when number / 100 == season && number % 100 > 0 => string.Create(CultureInfo.InvariantCulture, $"{number % 100:00}"),
                < 100 => string.Create(CultureInfo.InvariantCulture, $"{number:00}"),
                _ => null,
            };
        }

        return number switch
        {
            < 1 or > 3000 => null,
            _ when !(hints.FolderType == MediaType.TvShow || IsSeries(owner) || owner.Fields.Source is "HDTV" or "SDTV") => null,
            < 100 => string.Create(CultureInfo.InvariantCulture, $"{number:00}"),
            _ => number % 100 == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"S{number / 100:00}E{number % 100:00}"),
        };
    }

    private static bool IsSeries(ParsedName owner) => owner.Episode is { Episodes: null } || owner.HasTerm(TermKind.Show) || CollectionTitle.IsCompleteSeries(owner);
}
