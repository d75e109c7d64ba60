using System.Globalization;
using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Tries the episode patterns, the most reliable first; the first match wins.</summary>
internal sealed class EpisodeReader : IClueReader
{
    private static readonly Func<ParsedName, EpisodePatternResult?>[] Patterns =
    [
        SeasonEpisodePattern.Find,
        CrossPattern.Find,
        EpisodeWordPattern.Find,
        SeasonPackPattern.Find,
        SpecialPattern.Find,
        AbsolutePattern.Find,
        CompactPattern.Find,
    ];

    // A number without any word belongs to the title of what the bonus material is for.
    private static readonly Func<ParsedName, EpisodePatternResult?>[] PatternsOfBonus = Patterns[..4];

    public void Read(ParsedName parsed)
    {
        if (parsed is { Place: NamePlace.Programs, Clues: null })
        {
            return;
        }

        EpisodePatternResult? best = null;
        foreach (var pattern in parsed.BonusIndex < 0 ? Patterns : PatternsOfBonus)
        {
            if (pattern(parsed) is not { } result)
            {
                continue;
            }

            if (best is not null)
            {
                AddClues(parsed, result);
                continue;
            }

            best = result;
            if (parsed.Clues is null)
            {
                break;
            }
        }

        if (best is not null && (parsed.Place is NamePlace.Any or NamePlace.Series || (parsed.Place == NamePlace.Films && !IsSpelledOut(parsed.Name, best))))
        {
            Record(parsed, best);
        }
        else if (best is not null)
        {
            AddClues(parsed, best);
        }
    }

    // "Episode 4", as the parts of a film series are called too; "E04", "S01 Episode 4" and "Episodes 1-3" are not.
    private static bool IsSpelledOut(TokenizedName name, EpisodePatternResult result) =>
        result.Pattern == NamedPattern.EpisodeWord && result is { Season: null, Episodes.Count: 1 } && result.Last == result.First + 1
            && EpisodeTerms.IsEpisodeWord(name.Word(result.First));

    private static void Record(ParsedName parsed, EpisodePatternResult result)
    {
        result = WithDetachedSeason(parsed, result);
        result = parsed.BonusIndex < 0 ? result : result with { Episodes = null };

        // "S01E02 1x02" gives the same number twice.
        result = result.Episodes is { Count: > 1 } episodes && episodes.Distinct().Count() < episodes.Count ? result with { Episodes = [.. episodes.Distinct()] } : result;
        parsed.Episode = result;
        parsed.Fields.Season = result.Season;
        parsed.Fields.Seasons = result.Seasons;
        parsed.Fields.Episodes = result.Episodes;
        parsed.SetRole(result.First, result.Last, result.Episodes is null ? TokenRole.Season : TokenRole.Episode);
        parsed.Fields.Proper |= result.Episodes is not null && parsed.Name.Word(result.Last) is [.., 'v', >= '2' and <= '9'];
        parsed.Fields.Disc = result.Disc ?? parsed.Fields.Disc;
        ReadAdjacentAbsoluteNumber(parsed, result);
        AddClues(parsed, result);
    }

    private static void AddClues(ParsedName parsed, EpisodePatternResult result)
    {
        if (parsed.Clues is null)
        {
            return;
        }

        if (result.Season is { } season)
        {
            parsed.AddClue("season", season, result.Pattern.Weight, result.Pattern.Name, result.First, result.Last);
        }

        AddClue(parsed, "seasons", result.Seasons, result);
        AddClue(parsed, "episodes", result.Episodes, result);
    }

    private static void AddClue(ParsedName parsed, string fact, List<int>? numbers, EpisodePatternResult result)
    {
        if (numbers is not null)
        {
            var list = string.Join(',', numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
            parsed.AddClue(fact, list, result.Pattern.Weight, result.Pattern.Name, result.First, result.Last);
        }
    }

    // "Title Ep05 S02": the season follows the episode.
    // "Title - Temporada 3 [HDTV][Cap.305]": the season comes earlier, apart from the episode.
    private static EpisodePatternResult WithDetachedSeason(ParsedName parsed, EpisodePatternResult result)
    {
        var name = parsed.Name;
        if (result.Pattern == NamedPattern.EpisodeWord && result.Season is null && result.Last + 1 < name.Count && parsed.IsFree(result.Last + 1)
            && name.Word(result.Last + 1)[0] == 's' && EpisodeTerms.TryReadSeason(name.Word(result.Last + 1), out var after))
        {
            return result with { Season = after, Last = result.Last + 1 };
        }

        for (var i = parsed.Start + 1; result.Pattern == NamedPattern.EpisodeWord && i < result.First; i++)
        {
            if (SeasonPhrase.TryRead(name, i, out var season, out var last) && last < result.First && season is > 0 and < 100
                && (!(EpisodeTerms.IsWeakSeasonWord(name.Word(i)) || name.Is(last, "season")) || last + 1 == result.First || name[i].IsAfterSpacedDash))
            {
                parsed.SetRole(i, last, TokenRole.Season);
                EpisodePhrase.RemoveSeason(season, false, result.Episodes!);
                return result with { Season = result.Season ?? season };
            }

            if (parsed.IsFree(i) && EpisodeTerms.TryReadSeason(name.Word(i), out season) && season is > 0 and < 100)
            {
                parsed.SetRole(i, i, TokenRole.Season);
                return result with { Season = result.Season ?? season };
            }
        }

        return result;
    }

    // "Title - 05 - S01E05": the separate number before is the absolute episode number.
    private static void ReadAdjacentAbsoluteNumber(ParsedName parsed, EpisodePatternResult result)
    {
        var name = parsed.Name;
        var before = result.First - 1;
        var after = result.Last + 1;
        if (result is { Season: not null, Episodes: not null } && after + 1 < name.Count && name[after] is { IsAfterSpacedDash: true, Length: 2 or 3 } && name.Number(after) > 0
            && name[after + 1].IsAfterSpacedDash && parsed.IsFree(after))
        {
            // "S01E05 - 029 - Episode's title"
            parsed.Fields.Absolute = [name.Number(after)];
            parsed.Episode = result with { Last = after };
            parsed.SetRole(after, after, TokenRole.Episode);
        }

        if (result.Season is null || result.Episodes is null || before <= parsed.Start || !(name[result.First].IsAfterSpacedDash || (name[result.First].SeparatorBefore & Names.Separator.Open) != 0))
        {
            return;
        }

        if (name[before] is { IsNumber: true, SeparatorBefore: Names.Separator.Dot, Length: 1 } && before - 1 > parsed.Start)
        {
            before--;
        }

        if (name[before].IsAfterSpacedDash && name[before].Length is 2 or 3 && name.Number(before) >= 0)
        {
            if (before == result.First - 1)
            {
                parsed.Fields.Absolute = [name.Number(before)];
            }

            parsed.SetRole(before, result.First - 1, TokenRole.Episode);
        }
    }
}
