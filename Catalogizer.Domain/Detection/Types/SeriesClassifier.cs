using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

internal sealed class SeriesClassifier : IMediaClassifier
{
    public MediaType Type => MediaType.TvShow;

    public void Score(PathContext context, ref PatternVotes votes)
    {
        var parsed = context.ParsedName;
        if (parsed.Episode is { } episode)
        {
            votes.Add(context, episode.Pattern);
        }

        if (parsed.DateIndex >= 0)
        {
            votes.Add(context, NamedPattern.AirDate, bonus: FilmClassifier.HasVideoTerms(parsed) ? 0.05 : context.Path.Kind == FileKind.Video ? 0 : -0.15);
        }

        if (context.Path.Kind is FileKind.Video or FileKind.Unknown && EpisodeFolders.TryRead(context, out var pattern))
        {
            votes.Add(context, pattern);
        }

        if (parsed.HasTerm(TermKind.Show) && parsed.Episode is null && parsed.DateIndex < 0)
        {
            votes.Add(context, NamedPattern.SeasonPack, bonus: 0.01);
        }

        if (context.FolderType switch
        {
            MediaType.TvShow => parsed.Episode is null && CollectionTitle.IsCollection(parsed),
            MediaType.Movie => false,
            _ => CollectionTitle.IsCompleteSeries(parsed),
        })
        {
            votes.Add(context, NamedPattern.SeasonPack, bonus: 0.01);
        }

        if (parsed.IsYearSpan && context.Path.Kind == FileKind.Unknown && IsCompleteSeries(context))
        {
            votes.Add(context, NamedPattern.SeasonPack, bonus: 0.01);
        }

        // A broadcast in parts and without a year is a miniseries.
        if (parsed.Fields is { Part: not null, Source: "HDTV" or "SDTV", Year: null } && parsed.Episode is null)
        {
            votes.Add(context, NamedPattern.Compact);
        }

        var isAnime = IsAnime(parsed);
        if ((isAnime || (parsed.LeadingGroup is not null && FilmClassifier.HasVideoTerms(parsed) && parsed.YearIndex < 0)) && !IsAnimeFilm(context))
        {
            votes.Add(context, NamedPattern.AnimeTerms, bonus: isAnime ? 0.37 : 0.16);
        }

        if (parsed.IsSeriesBonus && context.Path.Kind == FileKind.Video)
        {
            votes.Add(context, NamedPattern.AnimeTerms, bonus: 0.18);
        }

        if (context.FolderType == MediaType.TvShow && context.Path.Kind == FileKind.Video)
        {
            // An extra is of its owner's type, even if its name or folder has a year as films do.
            votes.Add(context, NamedPattern.ShowFolder, bonus: IsExtra(context) ? 0.3 : 0);
        }
    }

    private static bool IsExtra(PathContext context) => context.ExtraType is not null || context.Fields.Extra is not null;

    private static bool IsCompleteSeries(PathContext context)
    {
        var parsed = context.ParsedName;
        for (var i = parsed.YearIndex + 1; i < parsed.Name.Count; i++)
        {
            if (parsed.Name.Word(i) is "complete" or "seasons" or "series" && (context.FolderType == MediaType.TvShow || !CollectionTitle.IsOfFilms(parsed.Name, i)))
            {
                return !parsed.HasTerm(TermKind.Music) && !FilmClassifier.HasVideoTerms(parsed) || parsed.HasTerm(TermKind.Resolution);
            }
        }

        return false;
    }

    // "[Group] Title (BD 1080p)": a single file without a number, outside of a series' folder, is a film. A folder of that name holds a series.
    private static bool IsAnimeFilm(PathContext context)
    {
        var parsed = context.ParsedName;
        if (parsed.LeadingGroup is null || parsed.Episode is not null)
        {
            return false;
        }

        return FilmWords.IsIn(parsed) || (context.Path.Kind == FileKind.Video && context.FolderType != MediaType.TvShow && !HasSeriesWord(parsed));
    }

    // Parts of a series that have no number.
    private static bool HasSeriesWord(ParsedName parsed)
    {
        for (var i = parsed.Start + 1; i < parsed.Name.Count; i++)
        {
            if (parsed.Name.Word(i) is "ova" or "ovas" or "oad" or "ona" or "op" or "ed" or "sp" or "special" or "specials" or "batch" or "vol" or "tv" or "anime"
                || parsed.Name.Word(i).StartsWith("ncop") || parsed.Name.Word(i).StartsWith("nced"))
            {
                return true;
            }
        }

        return false;
    }

    // Weak terms such as "GB" and "TV" indicate anime only after a leading group.
    private static bool IsAnime(ParsedName parsed)
    {
        for (var i = parsed.Start; parsed.HasTerm(TermKind.Anime) && i < parsed.Name.Count; i++)
        {
            if (parsed.TermAt(i) is { Kind: TermKind.Anime } term && (term.Strength != TermStrength.Weak || parsed.LeadingGroup is not null))
            {
                return true;
            }
        }

        return false;
    }

    public void FillFields(PathContext context)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        EpisodeFolders.Fill(context);
        RemoveEpisodeOfBonus(context);
        VersionMark.Claim(parsed);
        if (fields.Episodes is null && parsed.Episode is null && parsed.DateIndex < 0 && (context.ExtraType is not null || EpisodeFolders.TryReadSeason(context, out _)))
        {
            // The name is only the episode title: the series comes from the folders alone.
            fields.EpisodeTitle ??= context.ExtraType is null && parsed.BonusIndex < 0 ? ReleaseTitle.From(parsed) : null;
            FillFromShowFolder(context);
        }

        fields.Title ??= ReleaseTitle.FromVideo(parsed);
        fields.EpisodeTitle ??= ReleaseTitle.FromEpisode(parsed);
        if (parsed.DateIndex >= 0 && parsed.Episode is null && parsed.YearIndex < 0)
        {
            fields.Year = null;
        }

        if (fields.Title is null)
        {
            FillFromShowFolder(context);
        }
        else
        {
            FillYearAndIds(context, fields.Title);
        }

        fields.Part = fields.Disc is null ? fields.Part : null;
    }

    // "Specials/Title - NCED", "SPs/Title - 01": an opening or ending is of the whole series, and a mere number in a folder of extras no episode.
    private static void RemoveEpisodeOfBonus(PathContext context)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        if (parsed.BonusIndex >= 0 && fields.Season == 0)
        {
            fields.Season = null;
        }
        else if (context.ExtraType is not null && parsed.Episode?.Pattern == NamedPattern.Absolute)
        {
            (fields.Season, fields.Episodes) = (fields.Season == 0 ? null : fields.Season, null);
        }
    }

    // "Title (2019) [tmdbid-1]/Season 01/Title S01E02": adds year and IDs from the folder with the same title.
    private static void FillYearAndIds(PathContext context, string title)
    {
        for (var i = context.FindItemFolder(0); i >= 0 && i < 3; i = context.FindItemFolder(i + 1))
        {
            var show = context.GetFolder(i)!;
            if (show.Fields is { Year: not null } or { TmdbId: not null } or { ImdbId: not null } && show.Episode is null
                && ReleaseTitle.FromVideo(show) is { } name && TitleCleaner.HasSameLetters(name, title))
            {
                context.Fields.Year ??= show.Fields.Year;
                context.Fields.TmdbId ??= show.Fields.TmdbId;
                context.Fields.ImdbId ??= show.Fields.ImdbId;
                return;
            }
        }
    }

    // The nearest folder that is neither a season nor a library folder names the series.
    private static void FillFromShowFolder(PathContext context)
    {
        for (var i = context.FindItemFolder(context.ExtraType is null ? 0 : 1); i >= 0; i = context.FindItemFolder(i + 1))
        {
            var folder = context.Path.GetFolder(i);
            if (SeasonFolders.TryRead(folder, out _) || (i == 0 && EpisodeFolders.TryReadSeason(context, out _) && SeasonFolders.TryReadBook(folder, out _)))
            {
                continue;
            }

            var show = context.GetFolder(i)!;
            context.Fields.Title = ReleaseTitle.FromVideo(show);
            context.Fields.Year ??= show.Fields.Year;
            context.Fields.TmdbId ??= show.Fields.TmdbId;
            context.Fields.ImdbId ??= show.Fields.ImdbId;
            if (context.Fields.Title is not null)
            {
                return;
            }
        }
    }
}
