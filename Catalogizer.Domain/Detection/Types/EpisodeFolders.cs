using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Episodes that only their folder tells: "Show/Season 01/03 - Title", "Show/12", "Show.S01E02.1080p/abc123".</summary>
internal static class EpisodeFolders
{
    public static bool TryRead(Entry entry, out NamedPattern pattern)
    {
        pattern = NamedPattern.SeasonFolder;
        if (TrySeason(entry, out _))
        {
            return entry.Reading.YearAt < 0 || entry.Reading.Episode is not null || SeasonFolders.TryRead(entry.Path.Folder(0), out _);
        }

        var reading = entry.Reading;
        if (entry.Path.Folders.Count == 0)
        {
            pattern = NamedPattern.Cross;
            return entry.Path.Kind == FileKind.Video && LeadingPair(reading);
        }

        if (reading.Episode is not null || reading.YearAt >= 0 || reading.DateAt >= 0)
        {
            return false;
        }

        if (entry.FirstFolder >= 0 && entry.FirstFolder < 2 && entry.Folder(entry.FirstFolder) is { Episode.Episodes: not null } folder)
        {
            pattern = folder.Episode.Pattern;
            return true;
        }

        pattern = NamedPattern.Absolute;
        return entry.Path.Kind == FileKind.Video && entry.FirstFolder == 0 && NumberInShow(entry) >= 0;
    }

    public static void Fill(Entry entry)
    {
        var (reading, fields) = (entry.Reading, entry.Fields);
        if (TrySeason(entry, out var season))
        {
            fields.Season ??= fields.Seasons is null ? season : null;
            if (reading.Start < reading.Name.Count && entry.ExtraFolder is null && !TakeLeading(reading, season) && fields.Episodes is null)
            {
                TakeNumber(reading, season);
            }
        }
        else if (reading.Episode is null && entry.Path.Folders.Count == 0 && LeadingPair(reading))
        {
            fields.Season = reading.Name.Number(0);
            Take(reading, 0, 1, [reading.Name.Number(1)]);
        }
        else if (reading.Episode is null && reading.YearAt < 0 && reading.DateAt < 0 && entry.FirstFolder >= 0)
        {
            FromFolder(entry);
        }
    }

    private static void FromFolder(Entry entry)
    {
        var fields = entry.Fields;
        if (entry.Folder(entry.FirstFolder) is { Episode.Episodes: not null } folder)
        {
            var from = folder.Fields;
            fields.Title = ReleaseTitle.Of(folder);
            fields.EpisodeTitle = ReleaseTitle.OfEpisode(folder);
            (fields.Season, fields.Episodes, fields.Year, fields.Date) = (from.Season, from.Episodes, from.Year, from.Date);
            fields.InheritQuality(from);
        }
        else if (NumberInShow(entry) is >= 0 and var at)
        {
            Take(entry.Reading, at, at, [entry.Reading.Name.Number(at)]);
        }
    }

    /// <summary>The season of the folder the file lies in: "Season 01", or a release of a whole season.</summary>
    public static bool TrySeason(Entry entry, out int season)
    {
        var at = entry.ExtraFolder is null ? 0 : 1;
        if (SeasonFolders.TryRead(entry.Path.Folder(at), out season))
        {
            return true;
        }

        if (entry.FirstFolder == at && entry.Folder(at) is { Episode: { Season: { } packed, Episodes: null } })
        {
            season = packed;
            return true;
        }

        return false;
    }

    // "03 - Title", "03. Title": in a season's folder the number in front is the episode, whatever numbers the title holds.
    private static bool TakeLeading(NameReading reading, int season)
    {
        var name = reading.Name;
        if (name.Count < 2 || name.Number(0) < 0 || name[0].Length > 3 || !(name[1].AfterSpacedDash || name[1].Before == (Gap.Dot | Gap.Space))
            || reading.DateAt >= 0 || !(reading.Episode is null || (reading.Episode.Pattern == NamedPattern.Absolute && reading.Episode.First > 0)))
        {
            return false;
        }

        var number = name.Number(0);
        if (name[0].Length == 3 && number / 100 == season && season > 0 && number % 100 > 0)
        {
            number %= 100;
        }

        if (reading.Episode is { } other)
        {
            reading.SetMark(other.First, other.Last, Mark.None);
            reading.Fields.Seasons = null;
        }

        Take(reading, 0, 0, [number]);
        if (reading.YearAt > 0 && name[reading.YearAt].Group == 0)
        {
            reading.SetMark(reading.YearAt, reading.YearAt, Mark.None);
            (reading.YearAt, reading.Fields.Year) = (-1, null);
        }

        if (reading.Zone >= name.Count)
        {
            FreeTitleWords(reading);
        }

        return true;
    }

    // Without a sure release word, "Speaking French" and "Uncut" are titles.
    private static void FreeTitleWords(NameReading reading)
    {
        for (var i = 1; i < reading.Name.Count; i++)
        {
            if (reading.TermAt(i) is not null && reading.Name[i].Group == 0)
            {
                reading.SetMark(i, i, Mark.None);
                (reading.Fields.Edition, reading.Fields.Proper, reading.Fields.Source, reading.Fields.AudioCodec, reading.Fields.ReleaseGroup) = (null, false, null, null, null);
                reading.GroupAt = -1;
            }
        }
    }

    // "03 - Title", "02-03 - Title", "01. Title"; "Show 105" and "105" in season one; the whole name as the episode's title.
    private static void TakeNumber(NameReading reading, int season)
    {
        var first = reading.Start;
        for (var i = first; i < reading.Name.Count; i++)
        {
            if (reading.Name[i].Length is 3 or 4 && reading.IsOpen(i) && reading.Name.Number(i) / 100 == season && season > 0 && reading.Name.Number(i) % 100 > 0)
            {
                Take(reading, i, i, [reading.Name.Number(i) % 100]);
                return;
            }
        }

        if (reading.Name[first].Length > 3 || reading.Name.Number(first) < 0)
        {
            return;
        }

        List<int> episodes = [reading.Name.Number(first)];
        var last = first;
        if (last + 1 < reading.Name.Count && reading.IsFree(first))
        {
            EpisodeRun.Continue(reading, null, episodes, ref last);
        }

        Take(reading, first, last, episodes);
    }

    // "11-02 Title": season and episode, when no folder says otherwise.
    private static bool LeadingPair(NameReading reading)
    {
        var name = reading.Name;
        return name.Count > 2 && name[0].Length == 2 && name[1].Length == 2 && name.Number(0) > 0 && name.Number(1) > 0
            && name[1].AfterTightDash && name[2].Before == Gap.Space && reading is { YearAt: < 0, DateAt: < 0 };
    }

    // "12", "02.Title" and "Show 889" in the folder "Show"; -1 for anything else.
    private static int NumberInShow(Entry entry)
    {
        var name = entry.Path.Stem;
        var show = entry.Path.Folder(entry.FirstFolder)!;
        if (name.Count == 0 || show.Count == 0 || entry.Folder(entry.FirstFolder)!.Fields.Year is not null && name.Count == 1 && show[0].Length == name[0].Length)
        {
            return -1;
        }

        if (name.Number(0) >= 0 && name[0].Length <= 3 && !name.Is(0, show.Word(0).ToString()))
        {
            var padded = name.Word(0)[0] == '0';
            return name.Count == 1 || (padded && (name[1].Before & (Gap.Dot | Gap.Dash)) != 0) ? 0 : -1;
        }

        var last = name.Count - 1;
        if (last == show.Count && name[last].Length is 2 or 3 && name.Number(last) > 0 && name.Phrase(0, last).SequenceEqual(show.Phrase(0, last)))
        {
            return last;
        }

        return -1;
    }

    private static void Take(NameReading reading, int first, int last, List<int> episodes)
    {
        reading.Fields.Episodes = episodes;
        reading.SetMark(first, last, Mark.Episode);
        reading.TitleEnd = Math.Min(reading.TitleEnd, first);
        reading.Episode = new EpisodeFind(NamedPattern.SeasonFolder, first, last) { Episodes = episodes };
        reading.Say("episodes", episodes[0], 0.85, "number in its folder", first, last);
    }
}
