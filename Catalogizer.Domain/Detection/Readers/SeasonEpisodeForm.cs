using System.Diagnostics.CodeAnalysis;
using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>S01E02 in all its spellings: s1e2, S01xE02, S2024E101, S01 - E02, S01.Ep.02, Season 1 Episode 2.</summary>
internal static class SeasonEpisodeForm
{
    public static EpisodeFind? Find(NameReading reading)
    {
        var name = reading.Name;
        for (var i = reading.Start; i < name.Count; i++)
        {
            if (reading.IsFree(i) && (Glued(reading, i) ?? Parted(reading, i)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static EpisodeFind? Glued(NameReading reading, int i)
    {
        var word = reading.Name.Word(i);
        if (word.Length < 4 || reading.Name[i].Shape != Shape.Mixed)
        {
            return null;
        }

        for (var at = word[0] == 't' ? 0 : word.IndexOf('s'); at >= 0 && at < word.Length - 3;)
        {
            List<int>? episodes = null;
            if (TryGlued(word[at..], at == 0, out var season, ref episodes))
            {
                var last = i;
                EpisodeRun.Continue(reading, season, episodes, ref last);
                SkipHalf(reading, ref last);
                return new EpisodeFind(NamedPattern.SeasonEpisode, i, last) { Season = season, Episodes = episodes, TitlePrefix = at };
            }

            var next = word[(at + 1)..].IndexOf('s');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return null;
    }

    private static bool TryGlued(ReadOnlySpan<char> word, bool whole, out int season, [NotNullWhen(true)] ref List<int>? episodes)
    {
        season = 0;
        var digits = new Digits(word);
        if (!(digits.Skip('s') || (whole && digits.Skip('t'))) || !digits.Read(4, out season))
        {
            return false;
        }

        var crossed = digits.Skip('x');
        if (!(digits.Skip("ep") || digits.Skip('e') || crossed) || !digits.Read(5, out var first))
        {
            return false;
        }

        episodes = [first];
        while ((digits.Skip("ep") || digits.Skip('e') || digits.Skip('x')) && digits.Read(5, out var more))
        {
            episodes.Add(more);
        }

        return digits.AtLooseEnd || (whole && digits.Rest.IndexOfAnyInRange('0', '9') < 0);
    }

    // S02 - E06, S01.Ep.01, Season 1 Episode 2, Se.1 afl.2-3
    private static EpisodeFind? Parted(NameReading reading, int i)
    {
        var name = reading.Name;
        var at = i;
        int season;
        if (i > reading.Start && name.Number(i) is > 0 and < 100 && i + 1 < name.Count && EpisodeWords.IsSeasonBehind(name.Word(i + 1)))
        {
            // "2 сезон 5 серия": both words stand behind their numbers.
            if (name.Number(i + 2) is < 0 || i + 3 >= name.Count || !EpisodeWords.IsEpisodeBehind(name.Word(i + 3)))
            {
                return null;
            }

            return new EpisodeFind(NamedPattern.SeasonEpisode, i, i + 3) { Season = name.Number(i), Episodes = [name.Number(i + 2)] };
        }

        if (IsSpelled(name, i))
        {
            return new EpisodeFind(NamedPattern.SeasonEpisode, i, i + 3) { Season = EpisodeWords.Spelled(name.Word(i + 1)), Episodes = [EpisodeWords.Spelled(name.Word(i + 3))] };
        }

        if (!EpisodeWords.TrySeasonWord(name.Word(i), out season) && !IsTemporada(name, i, out season))
        {
            if (!(EpisodeWords.IsSeason(name.Word(i)) || name.Is(i, "series")) || name.Number(i + 1) is not (>= 0 and < 3000) || name[i + 1].Length > 4 || name[i + 1].AfterSpacedDash)
            {
                return null;
            }

            season = name.Number(++at);
        }

        if (++at >= name.Count || (name[at].Before & Gap.Slash) != 0)
        {
            return null;
        }

        var episodes = new List<int>(2);
        if (!EpisodeWords.TryEpisodeWord(name.Word(at), episodes))
        {
            episodes.Clear();
            if (!EpisodeWords.IsEpisode(name.Word(at)) || name.Number(at + 1) < 0 || name[at + 1].Length > 5)
            {
                return null;
            }

            episodes.Add(name.Number(++at));
        }

        EpisodeRun.Continue(reading, season, episodes, ref at);
        return new EpisodeFind(NamedPattern.SeasonEpisode, i, at) { Season = season, Episodes = episodes };
    }

    // "Season Two Episode Five"
    private static bool IsSpelled(NameText name, int i) => name.Is(i, "season") && i + 3 < name.Count && name.Is(i + 2, "episode")
        && EpisodeWords.Spelled(name.Word(i + 1)) > 0 && EpisodeWords.Spelled(name.Word(i + 3)) > 0;

    // "T02 E05", as Spanish and Portuguese names have it.
    private static bool IsTemporada(NameText name, int i, out int season)
    {
        var digits = new Digits(name.Word(i));
        season = 0;
        return digits.Skip('t') && digits.Read(2, out season) && digits.AtEnd && i + 1 < name.Count && name.Word(i + 1) is ['e', >= '0' and <= '9', ..];
    }

    // S01E11.5: the half says "a special behind the eleventh", the number stays.
    private static void SkipHalf(NameReading reading, ref int last)
    {
        var name = reading.Name;
        if (last + 1 < name.Count && name[last + 1] is { Before: Gap.Dot, IsNumber: true, Length: 1 } && (name.After(last + 1) & (Gap.Space | Gap.Open)) != 0)
        {
            last++;
        }
    }
}
