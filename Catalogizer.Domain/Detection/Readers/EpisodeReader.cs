using System.Globalization;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Tries the episode forms, the surest first; the first that fits is taken.</summary>
internal sealed class EpisodeReader : IClueReader
{
    private static readonly Func<NameReading, EpisodeFind?>[] Forms =
    [
        SeasonEpisodeForm.Find,
        CrossForm.Find,
        EpisodeWordForm.Find,
        SeasonPackForm.Find,
        SpecialForm.Find,
        AbsoluteForm.Find,
        CompactForm.Find,
    ];

    public void Read(NameReading reading)
    {
        EpisodeFind? best = null;
        foreach (var form in Forms)
        {
            if (form(reading) is not { } found)
            {
                continue;
            }

            if (best is not null)
            {
                Say(reading, found);
                continue;
            }

            best = found;
            if (reading.Clues is null)
            {
                break;
            }
        }

        if (best is not null)
        {
            Note(reading, best);
        }
    }

    private static void Note(NameReading reading, EpisodeFind found)
    {
        found = WithSeasonBefore(reading, found);

        // "S01E02 1x02" says the same twice.
        found = found.Episodes is { Count: > 1 } episodes && episodes.Distinct().Count() < episodes.Count ? found with { Episodes = [.. episodes.Distinct()] } : found;
        reading.Episode = found;
        reading.Fields.Season = found.Season;
        reading.Fields.Seasons = found.Seasons;
        reading.Fields.Episodes = found.Episodes;
        reading.SetMark(found.First, found.Last, found.Episodes is null ? Mark.Season : Mark.Episode);
        reading.Fields.Proper |= found.Episodes is not null && reading.Name.Word(found.Last) is [.., 'v', >= '2' and <= '9'];
        reading.Fields.Disc = found.Disc ?? reading.Fields.Disc;
        ReadAbsoluteBeside(reading, found);
        Say(reading, found);
    }

    private static void Say(NameReading reading, EpisodeFind found)
    {
        if (reading.Clues is null)
        {
            return;
        }

        if (found.Season is { } season)
        {
            reading.Say("season", season, found.Pattern.Weight, found.Pattern.Name, found.First, found.Last);
        }

        if (found.Episodes is { } episodes)
        {
            var list = string.Join(',', episodes.Select(episode => episode.ToString(CultureInfo.InvariantCulture)));
            reading.Say("episodes", list, found.Pattern.Weight, found.Pattern.Name, found.First, found.Last);
        }
    }

    // "Title Ep05 S02": the season behind.
    // "Title - Temporada 3 [HDTV][Cap.305]": the season stands apart, in front.
    private static EpisodeFind WithSeasonBefore(NameReading reading, EpisodeFind found)
    {
        var name = reading.Name;
        if (found.Pattern == NamedPattern.EpisodeWord && found.Season is null && found.Last + 1 < name.Count && reading.IsFree(found.Last + 1)
            && name.Word(found.Last + 1)[0] == 's' && EpisodeWords.TrySeasonWord(name.Word(found.Last + 1), out var behind))
        {
            return found with { Season = behind, Last = found.Last + 1 };
        }

        for (var i = reading.Start + 1; found.Pattern == NamedPattern.EpisodeWord && i < found.First; i++)
        {
            if (EpisodeWords.IsSeason(name.Word(i)) && name[i].Length > 2 && i + 1 < found.First && name.Number(i + 1) is > 0 and < 100 and var season)
            {
                reading.SetMark(i, i + 1, Mark.Season);
                return found with { Season = found.Season ?? season };
            }

            if (reading.IsFree(i) && EpisodeWords.TrySeasonWord(name.Word(i), out season) && season is > 0 and < 100)
            {
                reading.SetMark(i, i, Mark.Season);
                return found with { Season = found.Season ?? season };
            }
        }

        return found;
    }

    // "Title - 05 - S01E05": the lone number in front counts through the series.
    private static void ReadAbsoluteBeside(NameReading reading, EpisodeFind found)
    {
        var name = reading.Name;
        var before = found.First - 1;
        var behind = found.Last + 1;
        if (found is { Season: not null, Episodes: not null } && behind + 1 < name.Count && name[behind] is { AfterSpacedDash: true, Length: 2 or 3 } && name.Number(behind) > 0
            && name[behind + 1].AfterSpacedDash && reading.IsFree(behind))
        {
            // "S01E05 - 029 - Episode's title"
            reading.Fields.Absolute = [name.Number(behind)];
            reading.Episode = found with { Last = behind };
            reading.SetMark(behind, behind, Mark.Episode);
        }

        if (found.Season is null || found.Episodes is null || before <= reading.Start || !(name[found.First].AfterSpacedDash || (name[found.First].Before & Names.Gap.Open) != 0))
        {
            return;
        }

        if (name[before] is { IsNumber: true, Before: Names.Gap.Dot, Length: 1 } && before - 1 > reading.Start)
        {
            before--;
        }

        if (name[before].AfterSpacedDash && name[before].Length is 2 or 3 && name.Number(before) >= 0)
        {
            if (before == found.First - 1)
            {
                reading.Fields.Absolute = [name.Number(before)];
            }

            reading.SetMark(before, found.First - 1, Mark.Episode);
        }
    }
}
