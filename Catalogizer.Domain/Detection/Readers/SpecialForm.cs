using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Specials that are counted by themselves, as anime has them: "Title - OVA 2", "Title - SP1". They lie in no season.</summary>
internal static class SpecialForm
{
    public static EpisodeFind? Find(NameReading reading)
    {
        var name = reading.Name;
        for (var i = reading.Start + 1; i < name.Count; i++)
        {
            if (!name[i].AfterSpacedDash)
            {
                continue;
            }

            var digits = new Digits(name.Word(i));
            if (!(digits.Skip("ova") || digits.Skip("oad") || digits.Skip("ona") || digits.Skip("sp")))
            {
                continue;
            }

            if (digits.AtEnd && i + 1 < name.Count && name[i + 1] is { Before: Gap.Space, Length: <= 2 } && name.Number(i + 1) is > 0 and var apart)
            {
                return new EpisodeFind(NamedPattern.Absolute, i, i + 1) { Season = 0, Episodes = [apart] };
            }

            if (digits.Read(2, out var glued) && digits.AtEnd && glued > 0)
            {
                return new EpisodeFind(NamedPattern.Absolute, i, i) { Season = 0, Episodes = [glued] };
            }
        }

        return null;
    }
}
