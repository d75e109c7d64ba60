using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

internal sealed class SeriesShape : IMediaShape
{
    public MediaType Type => MediaType.TvShow;

    public void Weigh(Entry entry, ref Ballot ballot)
    {
        var reading = entry.Reading;
        if (reading.Episode is { } episode)
        {
            ballot.Cast(entry, episode.Pattern);
        }

        if (reading.DateAt >= 0)
        {
            ballot.Cast(entry, NamedPattern.AirDate, bonus: FilmShape.LooksFilmed(reading) ? 0.05 : entry.Path.Kind == FileKind.Video ? 0 : -0.15);
        }

        if (entry.Path.Kind is FileKind.Video or FileKind.Unknown && EpisodeFolders.TryRead(entry, out var pattern))
        {
            ballot.Cast(entry, pattern);
        }

        if (reading.Has(TermKind.Show) && reading.Episode is null && reading.DateAt < 0)
        {
            ballot.Cast(entry, NamedPattern.SeasonPack, bonus: 0.01);
        }

        if (reading.IsYearSpan && entry.Path.Kind == FileKind.Unknown && SaysComplete(reading))
        {
            ballot.Cast(entry, NamedPattern.SeasonPack, bonus: 0.01);
        }

        // A broadcast in parts and without a year is a miniseries.
        if (reading.Fields is { Part: not null, Source: "HDTV" or "SDTV", Year: null } && reading.Episode is null)
        {
            ballot.Cast(entry, NamedPattern.Compact);
        }

        if (SaysAnime(reading) || (reading.LeadGroup is not null && FilmShape.LooksFilmed(reading) && reading.YearAt < 0 && !EndsWithMovie(reading)))
        {
            ballot.Cast(entry, NamedPattern.AnimeWords, bonus: SaysAnime(reading) ? 0.37 : 0.16);
        }

        if (entry.Shelf == MediaType.TvShow && entry.Path.Kind == FileKind.Video)
        {
            ballot.Cast(entry, NamedPattern.ShowFolder);
        }
    }

    private static bool SaysComplete(NameReading reading)
    {
        for (var i = reading.YearAt + 1; i < reading.Name.Count; i++)
        {
            if (reading.Name.Word(i) is "complete" or "seasons" or "series")
            {
                return !reading.Has(TermKind.Music) && !FilmShape.LooksFilmed(reading) || reading.Has(TermKind.Resolution);
            }
        }

        return false;
    }

    private static bool EndsWithMovie(NameReading reading) =>
        reading.TitleEnd > reading.Start && reading.Name.Word(reading.TitleEnd - 1) is "movie" or "film" or "gekijouban";

    // "GB" and "TV" say so only behind a group in front.
    private static bool SaysAnime(NameReading reading)
    {
        for (var i = reading.Start; reading.Has(TermKind.Anime) && i < reading.Name.Count; i++)
        {
            if (reading.TermAt(i) is { Kind: TermKind.Anime } term && (term.Strength != Strength.Weak || reading.LeadGroup is not null))
            {
                return true;
            }
        }

        return false;
    }

    public void Compose(Entry entry)
    {
        var (reading, fields) = (entry.Reading, entry.Fields);
        EpisodeFolders.Fill(entry);
        if (fields.Episodes is null && reading.Episode is null && reading.DateAt < 0 && (entry.ExtraFolder is not null || EpisodeFolders.TrySeason(entry, out _)))
        {
            // Nothing but its own title: the series is told by the folders alone.
            fields.EpisodeTitle ??= entry.ExtraFolder is null ? ReleaseTitle.Of(reading) : null;
            FromShowFolder(entry);
        }

        fields.Title ??= ReleaseTitle.Of(reading);
        fields.EpisodeTitle ??= ReleaseTitle.OfEpisode(reading);
        if (reading.DateAt >= 0 && reading.Episode is null && reading.YearAt < 0)
        {
            fields.Year = null;
        }

        if (fields.Title is null)
        {
            FromShowFolder(entry);
        }
        else
        {
            YearFromShowFolder(entry, fields.Title);
        }

        fields.Part = fields.Disc is null ? fields.Part : null;
    }

    // "Title (2019) [tmdbid-1]/Season 01/Title S01E02": what the folder of the same name knows besides.
    private static void YearFromShowFolder(Entry entry, string title)
    {
        for (var i = entry.OwnFolder(0); i >= 0 && i < 3; i = entry.OwnFolder(i + 1))
        {
            var show = entry.Folder(i)!;
            if (show.Fields is { Year: not null } or { TmdbId: not null } or { ImdbId: not null } && show.Episode is null
                && ReleaseTitle.Of(show) is { } name && TitleText.SameLetters(name, title))
            {
                entry.Fields.Year ??= show.Fields.Year;
                entry.Fields.TmdbId ??= show.Fields.TmdbId;
                entry.Fields.ImdbId ??= show.Fields.ImdbId;
                return;
            }
        }
    }

    // The nearest folder that is neither a season nor a sorting folder names the series.
    private static void FromShowFolder(Entry entry)
    {
        for (var i = entry.OwnFolder(entry.ExtraFolder is null ? 0 : 1); i >= 0; i = entry.OwnFolder(i + 1))
        {
            if (SeasonFolders.TryRead(entry.Path.Folder(i), out _))
            {
                continue;
            }

            var show = entry.Folder(i)!;
            entry.Fields.Title = ReleaseTitle.Of(show);
            entry.Fields.Year ??= show.Fields.Year;
            entry.Fields.TmdbId ??= show.Fields.TmdbId;
            entry.Fields.ImdbId ??= show.Fields.ImdbId;
            if (entry.Fields.Title is not null)
            {
                return;
            }
        }
    }
}
