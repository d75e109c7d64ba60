using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Season and episode in one number, in names with a broadcast source (HDTV, SDTV): "show.512.hdtv", "Show.1204.720p.HDTV".</summary>
internal static class CompactPattern
{
    public static EpisodePatternResult? Find(ParsedName parsed)
    {
        var name = parsed.Name;
        if (!IsBroadcast(parsed))
        {
            return null;
        }

        for (var i = name.Count - 1; i > parsed.Start; i--)
        {
            var number = name.Number(i);
            if (!parsed.IsFree(i) || name[i].Length is < 3 or > 4 || number < 101 || number % 100 is 0 or > 45
                || number is >= 1900 and <= 2035 || name[i].BracketGroup != 0 || number / 100 > 30)
            {
                continue;
            }

            return new EpisodePatternResult(NamedPattern.Compact, i, i) { Season = number / 100, Episodes = [number % 100] };
        }

        return null;
    }

    private static bool IsBroadcast(ParsedName parsed)
    {
        for (var i = parsed.Start + 1; i < parsed.Name.Count; i++)
        {
            if (parsed.TermAt(i) is { Kind: TermKind.Source, Value: "HDTV" or "SDTV" })
            {
                return true;
            }
        }

        return false;
    }
}
