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

    // S02 - E06, S01.Ep.01, Season 1 Episode 2, Se.1 afl.2-3, Season Two Episode Five, 2. Staffel Folge 8, Tem.3 Cap.308, Season 3of4 2of8
    private static EpisodePatternResult? FindSeparated(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        if (!TryReadSeason(name, i, out var season, out var at) || ++at >= name.Count || (name[at].SeparatorBefore & Separator.Slash) != 0)
        {
            return null;
        }

        var episodes = new List<int>(2);
        if (!EpisodePhrase.TryReadBehindSeason(parsed, at, season, episodes, out at))
        {
            return null;
        }

        EpisodeSequence.Continue(parsed, season, episodes, ref at);
        return new EpisodePatternResult(NamedPattern.SeasonEpisode, i, at) { Season = season, Episodes = episodes };
    }

    private static bool TryReadSeason(TokenizedName name, int i, out int season, out int last)
    {
        last = i;
        if (EpisodeTerms.TryReadSeason(name.Word(i), out season) || TryReadSpanishSeason(name, i, out season))
        {
            return true;
        }

        return SeasonPhrase.TryRead(name, i, out season, out last) || (name.Is(i, "se") && WordedNumber.TryReadBehind(name, i, out season, out last));
    }

    // "T02 E05", "T2 - Cap. 8", as in Spanish and Portuguese names.
    private static bool TryReadSpanishSeason(TokenizedName name, int i, out int season)
    {
        var digits = new DigitScanner(name.Word(i));
        season = 0;
        return digits.TrySkip('t') && digits.TryRead(2, out season) && digits.IsAtEnd && i + 1 < name.Count;
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
