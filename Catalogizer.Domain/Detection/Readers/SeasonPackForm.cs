using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Whole seasons: S01, S01-S09, S01-05, S1+S2, Season 1 to 6; and "S2 - 03", whose episode stands apart.</summary>
internal static class SeasonPackForm
{
    public static EpisodeFind? Find(NameReading reading)
    {
        var name = reading.Name;
        for (var i = reading.Start; i < name.Count; i++)
        {
            if (!reading.IsFree(i))
            {
                continue;
            }

            if (Ordinal(name, i) is > 0 and var counted)
            {
                if (Episode(reading, i + 1) is >= 0 and var numbered)
                {
                    return new EpisodeFind(NamedPattern.Absolute, i, i + 2) { Season = counted, Episodes = [numbered] };
                }

                if (i + 2 >= reading.End)
                {
                    return new EpisodeFind(NamedPattern.SeasonPack, i, i + 1) { Season = counted };
                }

                i++;
                continue;
            }

            if (DiscOfSeason(reading, i) is { } disc)
            {
                return disc;
            }

            if (i > reading.Start && i + 1 < name.Count && EpisodeWords.IsSeasonBehind(name.Word(i + 1)) && Counted(name.Word(i)) is > 0 and var before)
            {
                return new EpisodeFind(NamedPattern.SeasonPack, i, i + 1) { Season = before };
            }

            // "北路 第二季 / North Road S2 - 03": the name in Latin letters says it again.
            if (name.Word(i)[0] == '第' && (name.After(i) & Gap.Slash) != 0)
            {
                continue;
            }

            if (!TrySeason(name, i, out var season, out var last))
            {
                continue;
            }

            if (Episode(reading, last) is >= 0 and var episode)
            {
                return new EpisodeFind(NamedPattern.Absolute, i, last + 1) { Season = season, Episodes = [episode] };
            }

            var seasons = Seasons(reading, season, ref last);
            return seasons.Count > 1
                ? new EpisodeFind(NamedPattern.SeasonPack, i, last) { Seasons = seasons }
                : new EpisodeFind(NamedPattern.SeasonPack, i, last) { Season = season };
        }

        return null;
    }

    // "2" and "2ª"; 0 for anything else.
    private static int Counted(ReadOnlySpan<char> word)
    {
        var digits = new Digits(word);
        return digits.Read(2, out var number) && (digits.AtEnd || digits.Rest is "ª" or "º" or "e" or "ème") ? number : 0;
    }

    // S01D02
    private static EpisodeFind? DiscOfSeason(NameReading reading, int i)
    {
        var digits = new Digits(reading.Name.Word(i));
        if (!digits.Skip('s') || !digits.Read(2, out var season) || !digits.Skip('d') || !digits.Read(2, out var disc) || !digits.AtEnd)
        {
            return null;
        }

        return new EpisodeFind(NamedPattern.SeasonPack, i, i) { Season = season, Disc = disc };
    }

    // "2nd Season - 05"; without a number behind it the words are title.
    private static int Ordinal(NameText name, int i)
    {
        var digits = new Digits(name.Word(i));
        return i > 0 && name.Is(i + 1, "season") && digits.Read(2, out var season) && digits.Rest is "st" or "nd" or "rd" or "th" ? season : 0;
    }

    private static bool TrySeason(NameText name, int i, out int season, out int last)
    {
        last = i;
        var word = name.Word(i);
        if (EpisodeWords.TrySeasonWord(word, out season))
        {
            return word[0] != 's' || word.Length > 2 || i > 0;
        }

        if ((EpisodeWords.IsSeason(word) && word.Length > 2 || word is "s") && name.Number(i + 1) >= 0 && name[i + 1].Length <= 4 && !name[i + 1].AfterSpacedDash
            && (word.Length > 1 || (name[i + 1] is { Length: 2, Before: Gap.Space } && i > 0)))
        {
            last = i + 1;
            season = name.Number(last);
            return true;
        }

        if (word is "season" && i > 0 && i + 1 < name.Count && EpisodeWords.Spelled(name.Word(i + 1)) is > 0 and var spelled)
        {
            (last, season) = (i + 1, spelled);
            return true;
        }

        if (EpisodeWords.Spelled(word) is > 0 and var ordinal && word is not ("one" or "two" or "three" or "four" or "five" or "six" or "seven" or "eight" or "nine" or "ten") && i > 1
            && name.Is(i + 1, "season") && name.Is(i - 1, "complete"))
        {
            (last, season) = (i + 1, ordinal);
            return true;
        }

        if (EpisodeWords.IsSeason(word) && i + 1 < name.Count && EpisodeWords.TrySeasonWord(name.Word(i + 1), out season))
        {
            last = i + 1;
            return true;
        }

        return false;
    }

    // "S2 - 03", "S21 999": a number that no other reading claims.
    private static int Episode(NameReading reading, int last)
    {
        var name = reading.Name;
        var next = last + 1;
        if (next < name.Count && reading.IsFree(next) && name[next].AfterSpacedDash && Revised(name.Word(next)) is >= 0 and var revised)
        {
            return revised;
        }

        if (next >= name.Count || !reading.IsFree(next) || name.Number(next) is < 0 || name[next].Length > 4
            || !(name[next].AfterSpacedDash || (name[next].Bracket == '[' && name.BracketEnd(next) == next && name[next].Length is 2 or 3 && name[last].Group == 0) || (name[next].Before == Gap.Space && name[next].Length is 2 or 3)))
        {
            return -1;
        }

        return name[next].Length == 4 && name.Number(next) is > 1900 and < 2050 ? -1 : name.Number(next);
    }

    // "03v2", an episode put right; -1 for anything else.
    private static int Revised(ReadOnlySpan<char> word)
    {
        var digits = new Digits(word);
        return digits.Read(4, out var number) && digits.Rest is ['v', >= '1' and <= '9'] ? number : -1;
    }

    private static List<int> Seasons(NameReading reading, int first, ref int last)
    {
        var name = reading.Name;
        List<int> seasons = [first];
        var ranged = false;
        while (last + 1 < name.Count && reading.IsFree(last + 1))
        {
            var next = last + 1;
            if (EpisodeWords.IsTo(name.Word(next)) && next + 1 < name.Count)
            {
                next++;
                ranged = true;
            }

            var before = name[next].Before;
            var number = name.Number(next);
            if (EpisodeWords.TrySeasonWord(name.Word(next), out var season) || (name[next].Length <= 2 && number > 0
                && (ranged || before == Gap.Dash || (before & (Gap.Comma | Gap.Plus)) != 0) && (season = number) > first))
            {
                ranged |= (before & (Gap.Dash | Gap.Other)) != 0;
                if (!seasons.Contains(season))
                {
                    seasons.Add(season);
                }

                last = next;
            }
            else
            {
                break;
            }
        }

        if (ranged && seasons.Count > 1)
        {
            seasons.Sort();
            EpisodeRun.FillRange(seasons);
        }

        return seasons;
    }
}
