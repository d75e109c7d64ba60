using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>1x02, 02x01-x02, 8x01_02. A picture size is none, and neither is a number with letters about it.</summary>
internal static class CrossForm
{
    public static EpisodeFind? Find(NameReading reading)
    {
        var name = reading.Name;
        for (var i = reading.Start; i < name.Count; i++)
        {
            if (name[i].Shape != Shape.Mixed || !reading.IsFree(i) || !char.IsAsciiDigit(name.Word(i)[0]))
            {
                continue;
            }

            var digits = new Digits(name.Word(i));
            if (!digits.Read(4, out var season) || digits.Rest is not (['x' or '×', ..]))
            {
                continue;
            }

            var episodes = new List<int>(2);

            var width = 0;
            while (digits.Skip('x') || digits.Skip('×'))
            {
                var before = digits.Rest.Length;
                _ = digits.Skip('e');
                if (!digits.Read(4, out var episode))
                {
                    width = 0;
                    break;
                }

                width = Math.Max(width, before - digits.Rest.Length);
                episodes.Add(episode);
            }

            if (width < 2 || !digits.AtLooseEnd || season is > 200 and < 1900)
            {
                continue;
            }

            var last = i;
            EpisodeRun.Continue(reading, season, episodes, ref last);
            return new EpisodeFind(NamedPattern.Cross, i, last) { Season = season, Episodes = episodes };
        }

        return null;
    }
}
