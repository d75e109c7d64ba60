using System.Diagnostics.CodeAnalysis;
using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>S01E02 in all its spellings: s1e2, S01xE02, S2024E101, S01 - E02, S01.Ep.02, Season 1 Episode 2.</summary>
internal static class SeasonEpisodePattern
{
    public static EpisodePatternResult? Find(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Start; i < name.Count; i++)
        {
            if (parsed.IsFree(i) && (FindGlued(parsed, i) ?? FindSeparated(parsed, i)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static EpisodePatternResult? FindGlued(ParsedName parsed, int i)
    {
        var word = parsed.Name.Word(i);
        if (word.Length < 4 || parsed.Name[i].Kind != TokenKind.Mixed)
        {
            return null;
        }

        for (var at = word[0] == 't' ? 0 : word.IndexOf('s'); at >= 0 && at < word.Length - 3;)
        {
            List<int>? episodes = null;
            if (TryReadGlued(word[at..], at == 0, out var season, ref episodes))
            {
                var last = i;
                EpisodeSequence.Continue(parsed, season, episodes, ref last);
                SkipHalfEpisode(parsed, ref last);
                return new EpisodePatternResult(NamedPattern.SeasonEpisode, i, last) { Season = season, Episodes = episodes, TitlePrefixLength = at };
            }

            var next = word[(at + 1)..].IndexOf('s');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return null;
    }

    private static bool TryReadGlued(ReadOnlySpan<char> word, bool whole, out int season, [NotNullWhen(true)] ref List<int>? episodes)
    {
        season = 0;
        var digits = new DigitScanner(word);
        if (!(digits.TrySkip('s') || (whole && digits.TrySkip('t'))) || !digits.TryRead(4, out season))
        {
            return false;
        }

        var crossed = digits.TrySkip('x');
        if (!(digits.TrySkip("ep") || digits.TrySkip('e') || crossed) || !digits.TryRead(5, out var first))
        {
            return false;
        }

        episodes = [first];
        while ((digits.TrySkip("ep") || digits.TrySkip('e') || digits.TrySkip('x')) && digits.TryRead(5, out var more))
        {
            episodes.Add(more);
        }

        return digits.IsAtEndOrSuffix || (whole && digits.Rest.IndexOfAnyInRange('0', '9') < 0);
    }

    // S02 - E06, S01.Ep.01, Season 1 Episode 2, Se.1 afl.2-3
    private static EpisodePatternResult? FindSeparated(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        var at = i;
        int season;
        if (i > parsed.Start && name.Number(i) is > 0 and < 100 && i + 1 < name.Count && EpisodeTerms.IsTrailingSeasonWord(name.Word(i + 1)))
        {
            // "2 сезон 5 серия": both words follow their numbers.
            if (name.Number(i + 2) is < 0 || i + 3 >= name.Count || !EpisodeTerms.IsTrailingEpisodeWord(name.Word(i + 3)))
            {
                return null;
            }

            return new EpisodePatternResult(NamedPattern.SeasonEpisode, i, i + 3) { Season = name.Number(i), Episodes = [name.Number(i + 2)] };
        }

        if (IsSpelledOut(name, i))
        {
            return new EpisodePatternResult(NamedPattern.SeasonEpisode, i, i + 3) { Season = EpisodeTerms.ParseSpelledNumber(name.Word(i + 1)), Episodes = [EpisodeTerms.ParseSpelledNumber(name.Word(i + 3))] };
        }

        if (!EpisodeTerms.TryReadSeason(name.Word(i), out season) && !TryReadSpanishSeason(name, i, out season))
        {
            if (!(EpisodeTerms.IsSeasonWord(name.Word(i)) || name.Is(i, "series")) || name.Number(i + 1) is not (>= 0 and < 3000) || name[i + 1].Length > 4 || name[i + 1].IsAfterSpacedDash)
            {
                return null;
            }

            season = name.Number(++at);
        }

        if (++at >= name.Count || (name[at].SeparatorBefore & Separator.Slash) != 0)
        {
            return null;
        }

        var episodes = new List<int>(2);
        if (!EpisodeTerms.TryReadEpisodes(name.Word(at), episodes))
        {
            episodes.Clear();
            if (!EpisodeTerms.IsEpisodeWord(name.Word(at)) || name.Number(at + 1) < 0 || name[at + 1].Length > 5)
            {
                return null;
            }

            episodes.Add(name.Number(++at));
        }

        EpisodeSequence.Continue(parsed, season, episodes, ref at);
        return new EpisodePatternResult(NamedPattern.SeasonEpisode, i, at) { Season = season, Episodes = episodes };
    }

    // "Season Two Episode Five"
    private static bool IsSpelledOut(TokenizedName name, int i) => name.Is(i, "season") && i + 3 < name.Count && name.Is(i + 2, "episode")
        && EpisodeTerms.ParseSpelledNumber(name.Word(i + 1)) > 0 && EpisodeTerms.ParseSpelledNumber(name.Word(i + 3)) > 0;

    // "T02 E05", as in Spanish and Portuguese names.
    private static bool TryReadSpanishSeason(TokenizedName name, int i, out int season)
    {
        var digits = new DigitScanner(name.Word(i));
        season = 0;
        return digits.TrySkip('t') && digits.TryRead(2, out season) && digits.IsAtEnd && i + 1 < name.Count && name.Word(i + 1) is ['e', >= '0' and <= '9', ..];
    }

    // S01E11.5 is a special after episode 11; the number stays 11.
    private static void SkipHalfEpisode(ParsedName parsed, ref int last)
    {
        var name = parsed.Name;
        if (last + 1 < name.Count && name[last + 1] is { SeparatorBefore: Separator.Dot, IsNumber: true, Length: 1 } && (name.SeparatorAfter(last + 1) & (Separator.Space | Separator.Open)) != 0)
        {
            last++;
        }
    }
}
