using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>1x02, 02x01-x02, 8x01_02. Excludes picture sizes and numbers with other letters attached.</summary>
internal static class CrossPattern
{
    public static EpisodePatternResult? Find(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Start; i < name.Count; i++)
        {
            if (name[i].Kind != TokenKind.Mixed || !parsed.IsFree(i) || !char.IsAsciiDigit(name.Word(i)[0]))
            {
                continue;
            }

            var digits = new DigitScanner(name.Word(i));
            if (!digits.TryRead(4, out var season) || digits.Rest is not (['x' or '×', ..]))
            {
                continue;
            }

            var episodes = new List<int>(2);

            var width = 0;
            while (digits.TrySkip('x') || digits.TrySkip('×'))
            {
                var before = digits.Rest.Length;
                _ = digits.TrySkip('e');
                if (!digits.TryRead(4, out var episode))
                {
                    width = 0;
                    break;
                }

                width = Math.Max(width, before - digits.Rest.Length);
                episodes.Add(episode);
            }

            if (width < 2 || !digits.IsAtEndOrSuffix || season is > 200 and < 1900)
            {
                continue;
            }

            var last = i;
            EpisodeSequence.Continue(parsed, season, episodes, ref last);
            return new EpisodePatternResult(NamedPattern.Cross, i, last) { Season = season, Episodes = episodes };
        }

        return null;
    }
}
