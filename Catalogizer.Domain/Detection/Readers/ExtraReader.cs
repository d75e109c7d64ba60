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

        var at = last - (HasNumberBehind(parsed, last - 1) ? 1 : 0);
        if (at < 0 || FromSuffix(WithoutNumber(name.Word(at))) is not { } extra || !CanCount(parsed, extra, at))
        {
            return;
        }

        var before = name[at].SeparatorBefore;
        if (at > 0 && before == Separator.Space && name.Word(at - 1) is "a" or "an" or "the" or "der" or "le" or "la")
        {
            return;
        }

        var isCertain = (extra == "trailer" && name.Count > 1) || (before & Separator.Dash) != 0 || before is Separator.Dot or Separator.Underscore || (name.Count == 1 && extra is "trailer" or "sample" or "theme");
        if (!isCertain || (name.Count > 1 && before == Separator.Dot && extra is "scene" or "clip" or "short" or "other" or "deleted" or "interview" or "theme"))
        {
            return;
        }

        parsed.Fields.Extra = extra;
        parsed.End = name.Count == 1 ? parsed.End : at;
        parsed.SetRole(at, last, TokenRole.Noise);
        parsed.AddClue("extra", extra, 0.9, "extra suffix", at, last);
    }

    // "(1999)-trailer 2"
    private static bool HasNumberBehind(ParsedName parsed, int word) => word > 0 && parsed.IsVideo && IsTightSuffix(parsed.Name, word)
        && parsed.Name[word + 1] is { IsNumber: true, Length: <= 2, BracketGroup: 0, IsAfterSpacedDash: false }
        && ((parsed.Name[word].SeparatorBefore & Separator.Close) != 0 || FromSuffix(parsed.Name.Word(word)) == "trailer");

    // "(1999)-interview2": behind a dot or a space, "Interview2" is the title of a film.
    private static bool CanCount(ParsedName parsed, string extra, int word) =>
        extra == "trailer" || parsed.Name[word].Kind == TokenKind.Word || (parsed.IsVideo && word > 0 && IsTightSuffix(parsed.Name, word));

    // A longer number is no count: "Trailer1975".
    private static ReadOnlySpan<char> WithoutNumber(ReadOnlySpan<char> word) => word.TrimEnd("0123456789") is var letters && word.Length - letters.Length <= 2 ? letters : word;

    private static bool IsTightSuffix(TokenizedName name, int word) => (name[word].SeparatorBefore & ~Separator.Close) == Separator.Dash;

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
        "trailer" or "teaser" => "trailer",
        "sample" => "sample",
        "featurette" => "featurette",
        "deleted" or "deletedscene" or "deletedscenes" => "deleted",
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
