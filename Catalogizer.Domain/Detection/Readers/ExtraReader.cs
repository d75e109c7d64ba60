using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Trailers, samples and the like, by the name's last word or by the folder the file lies in.</summary>
internal sealed class ExtraReader : IClueReader
{
    public void Read(NameReading reading)
    {
        var name = reading.Name;
        var last = reading.End - 1;
        if (name.Count > 2 && name.Is(0, "sample") && name[1].AfterTightDash)
        {
            reading.Fields.Extra = "sample";
            reading.SetMark(0, 0, Mark.Noise);
            reading.Start = 1;
            return;
        }

        if (last < 0 || OfSuffix(name.Word(last)) is not { } extra)
        {
            return;
        }

        var before = name[last].Before;
        if (last > 0 && before == Gap.Space && name.Word(last - 1) is "a" or "an" or "the" or "der" or "le" or "la")
        {
            return;
        }

        var sure = (extra == "trailer" && name.Count > 1) || (before & Gap.Dash) != 0 || before is Gap.Dot or Gap.Underscore || (name.Count == 1 && extra is "trailer" or "sample" or "theme");
        if (!sure || (name.Count > 1 && before == Gap.Dot && extra is "scene" or "clip" or "short" or "other" or "deleted" or "interview" or "theme"))
        {
            return;
        }

        reading.Fields.Extra = extra;
        reading.End = name.Count == 1 ? reading.End : last;
        reading.SetMark(last, last, Mark.Noise);
        reading.Say("extra", extra, 0.9, "extra suffix", last, last);
    }

    /// <summary>What the folder "trailers", "extras", … holds; null for any other folder.</summary>
    public static string? OfFolder(ReadOnlySpan<char> folder)
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
            "extras" or "extra" or "specials features" or "bonus" or "other" or "others" or "backdrops" or "special features" => "other",
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

    private static string? OfSuffix(ReadOnlySpan<char> word) => word switch
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
