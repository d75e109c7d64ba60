using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Specials with their own numbering, as in anime: "Title - OVA 2", "Title - SP1". They get season 0.</summary>
internal static class SpecialPattern
{
    public static EpisodePatternResult? Find(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Start + 1; i < name.Count; i++)
        {
            if (!name[i].IsAfterSpacedDash)
            {
                continue;
            }

            var digits = new DigitScanner(name.Word(i));
            if (!(digits.TrySkip("ova") || digits.TrySkip("oad") || digits.TrySkip("ona") || digits.TrySkip("sp")))
            {
                continue;
            }

            if (digits.IsAtEnd && i + 1 < name.Count && name[i + 1] is { SeparatorBefore: Separator.Space, Length: <= 2 } && name.Number(i + 1) is > 0 and var apart)
            {
                return new EpisodePatternResult(NamedPattern.Absolute, i, i + 1) { Season = 0, Episodes = [apart] };
            }

            if (digits.TryRead(2, out var glued) && digits.IsAtEnd && glued > 0)
            {
                return new EpisodePatternResult(NamedPattern.Absolute, i, i) { Season = 0, Episodes = [glued] };
            }
        }

        return null;
    }
}
