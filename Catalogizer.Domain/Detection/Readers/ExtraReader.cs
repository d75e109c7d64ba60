using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Trailers, samples and other extras, detected by the last word of the name, a leading "sample-", or the file's folder.</summary>
internal sealed class ExtraReader : IClueReader
{
    public void Read(ParsedName parsed)
    {
        var name = parsed.Name;
        var last = parsed.End - 1;
        if (name.Count > 2 && name.Is(0, "sample") && name[1].IsAfterTightDash)
        {
            parsed.Fields.Extra = "sample";
            parsed.SetRole(0, 0, TokenRole.Noise);
            parsed.Start = 1;
            return;
        }

        if (last < 0 || FromSuffix(name.Word(last)) is not { } extra)
        {
            return;
        }

        var before = name[last].SeparatorBefore;
        if (last > 0 && before == Separator.Space && name.Word(last - 1) is "a" or "an" or "the" or "der" or "le" or "la")
        {
            return;
        }

        var isCertain = (extra == "trailer" && name.Count > 1) || (before & Separator.Dash) != 0 || before is Separator.Dot or Separator.Underscore || (name.Count == 1 && extra is "trailer" or "sample" or "theme");
        if (!isCertain || (name.Count > 1 && before == Separator.Dot && extra is "scene" or "clip" or "short" or "other" or "deleted" or "interview" or "theme"))
        {
            return;
        }

        parsed.Fields.Extra = extra;
        parsed.End = name.Count == 1 ? parsed.End : last;
        parsed.SetRole(last, last, TokenRole.Noise);
        parsed.AddClue("extra", extra, 0.9, "extra suffix", last, last);
    }

    /// <summary>The kind of extra in a folder named "trailers", "extras", …; null for any other folder.</summary>
    public static string? FromFolder(ReadOnlySpan<char> folder)
    {
        Span<char> lower = stackalloc char[20];
        if (folder.Length > lower.Length)
        {
            return null;
        }

        return lower[..folder.ToLowerInvariant(lower)] switch
        {
            "trailers" or "trailer" => "trailer",
            "samples" or "sample" => "sample",
            "extras" or "extra" or "specials features" or "bonus" or "bonus disc" or "bonus dvd" or "other" or "others" or "backdrops" or "special features" => "other",
            "featurettes" or "featurette" => "featurette",
            "interviews" or "interview" => "interview",
            "behind the scenes" or "behindthescenes" => "behindthescenes",
            "deleted scenes" or "deleted" or "deletedscenes" => "deleted",
            "scenes" or "scene" => "scene",
            "shorts" => "short",
            "clips" => "clip",
            "theme-music" or "theme music" => "theme",
            "proof" => "proof",
            _ => null,
        };
    }

    private static string? FromSuffix(ReadOnlySpan<char> word) => word switch
    {
        "trailer" or "trailer1" or "trailer2" or "teaser" => "trailer",
        "sample" => "sample",
        "featurette" => "featurette",
        "deleted" or "deletedscene" => "deleted",
        "interview" => "interview",
        "behindthescenes" => "behindthescenes",
        "scene" => "scene",
        "short" => "short",
        "clip" => "clip",
        "theme" => "theme",
        "proof" => "proof",
        "extra" or "other" => "other",
        _ => null,
    };
}
