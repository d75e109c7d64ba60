using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// Finds the numbers of a collection: "Title 1-8 1080p", "Title I-III (1990-1999)" are films, "Complete Series 1-5" seasons. Only numbers from 1 up to a few,
/// behind a title and before a release word or a span of years, are that.
/// </summary>
internal sealed class CollectionReader : IClueReader
{
    private const int MaxNumber = 30;

    private const int MaxRoman = 10;

    public void Read(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Start + 1; i + 1 < name.Count; i++)
        {
            if (!parsed.IsFree(i) || !TryReadRange(parsed, i, out var last, out var count))
            {
                continue;
            }

            if (name.Word(i - 1) is "series" && i - 1 > parsed.Start)
            {
                parsed.Fields.Seasons = [.. Enumerable.Range(1, count)];
                parsed.Episode = new EpisodePatternResult(NamedPattern.SeasonPack, i, last) { Seasons = parsed.Fields.Seasons };
                parsed.SetRole(parsed.IsFree(i - 1) ? i - 1 : i, last, TokenRole.Season);
            }
            else if (parsed.LeadingGroup is null && !EpisodeTerms.IsSeasonWord(name.Word(i - 1)) && !EpisodeTerms.IsEpisodeWord(name.Word(i - 1)) && IsFollowedByRelease(parsed, last + 1))
            {
                parsed.IsNumberRange = true;
                parsed.SetRole(i, last, TokenRole.Noise);
            }

            return;
        }
    }

    // 1-8, 1 - 8, 1 to 8, 1+2, 1, 2 & 3, I-III
    private static bool TryReadRange(ParsedName parsed, int i, out int last, out int count)
    {
        var name = parsed.Name;
        (last, count) = (i, 1);
        var isRoman = name.Is(i, "i");
        if (!isRoman && !(name.Is(i, "1") && name[i].Length == 1))
        {
            return false;
        }

        if (EpisodeTerms.IsRangeWord(name.Word(i + 1)) && name.Number(i + 2) is > 1 and <= MaxNumber and var to)
        {
            (last, count) = (i + 2, to);
            return true;
        }

        while (last + 1 < name.Count && parsed.IsClaimable(last + 1) && (name[last + 1].SeparatorBefore & (Separator.Dash | Separator.Plus | Separator.Comma)) != 0
            && (isRoman ? NumberTerms.ParseRoman(name.Word(last + 1)) : name.Number(last + 1)) is var next && next > count && next <= (isRoman ? MaxRoman : MaxNumber)
            && (next == count + 1 || (name[last + 1].SeparatorBefore & Separator.Dash) != 0))
        {
            (last, count) = (last + 1, next);
        }

        return last > i && name[last].Length <= 4 && name.Word(last)[0] != '0';
    }

    private static bool IsFollowedByRelease(ParsedName parsed, int next)
    {
        var name = parsed.Name;
        if (next + 1 < name.Count && name.Number(next) is >= YearReader.MinYear and <= YearReader.MaxYear and var first && name[next + 1].IsAfterTightDash
            && name.Number(next + 1) > first && name.Number(next + 1) <= YearReader.MaxYear)
        {
            return true;
        }

        return next < name.Count && parsed.TermAt(next) is { Strength: TermStrength.Strong, Kind: TermKind.Resolution or TermKind.Source or TermKind.VideoCodec or TermKind.Hdr };
    }
}
