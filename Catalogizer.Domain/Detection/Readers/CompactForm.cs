using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Season and episode in one number before a broadcast's word: "show.512.hdtv", "Show.1204.720p.HDTV".</summary>
internal static class CompactForm
{
    public static EpisodeFind? Find(NameReading reading)
    {
        var name = reading.Name;
        if (!FromBroadcast(reading))
        {
            return null;
        }

        for (var i = name.Count - 1; i > reading.Start; i--)
        {
            var number = name.Number(i);
            if (!reading.IsFree(i) || name[i].Length is < 3 or > 4 || number < 101 || number % 100 is 0 or > 45
                || number is >= 1900 and <= 2035 || name[i].Group != 0 || number / 100 > 30)
            {
                continue;
            }

            return new EpisodeFind(NamedPattern.Compact, i, i) { Season = number / 100, Episodes = [number % 100] };
        }

        return null;
    }

    private static bool FromBroadcast(NameReading reading)
    {
        for (var i = reading.Start + 1; i < reading.Name.Count; i++)
        {
            if (reading.TermAt(i) is { Kind: TermKind.Source, Value: "HDTV" or "SDTV" })
            {
                return true;
            }
        }

        return false;
    }
}
