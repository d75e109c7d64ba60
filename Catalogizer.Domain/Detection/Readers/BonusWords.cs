using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>How certainly a word names bonus material.</summary>
internal enum BonusMark
{
    None,

    /// <summary>Also an ordinary word or name, so its place has to confirm it: OP, ED, PV, CM, "menu", "trailer".</summary>
    Likely,

    /// <summary>No title contains it: NCOP, NCED.</summary>
    Certain,
}

/// <summary>The words for bonus material: what discs of series hold besides the episodes, and the vocabulary's kinds of extras.</summary>
internal static class BonusWords
{
    /// <summary>Reads one lower-case word with its number: "ncop", "nced2a", "pv01", "menu".</summary>
    /// <param name="extra">The kind of extra in the detection vocabulary.</param>
    /// <param name="isNumbered">Whether a number is attached.</param>
    public static BonusMark Read(ReadOnlySpan<char> word, out string extra, out bool isNumbered)
    {
        var letters = word.IndexOfAnyInRange('0', '9');
        isNumbered = letters > 0;
        var stem = letters > 0 ? word[..letters] : word;
        extra = stem is "pv" or "trailer" or "teaser" or "promo" or "preview" or "trailers" or "pvs" ? "trailer" : "other";
        if (isNumbered && !IsNumber(word[letters..]))
        {
            return BonusMark.None;
        }

        return stem switch
        {
            "ncop" or "nced" or "ncops" or "nceds" or "ncopv" or "ncedv" => BonusMark.Certain,
            "op" or "ed" or "pv" or "cm" or "menu" or "menus" or "pvs" or "cms" or "trailer" or "trailers" or "teaser" or "promo" or "preview"
                or "bdmenu" or "dvdmenu" or "tvcm" => BonusMark.Likely,
            _ => BonusMark.None,
        };
    }

    /// <summary>"Creditless Opening", "Textless ED", "NC OP": a word that leads to the word for an opening or ending.</summary>
    public static bool IsCreditless(ReadOnlySpan<char> word) => word is "creditless" or "textless" or "clean" or "nc" or "noncredit" or "uncredited";

    public static bool IsOpeningOrEnding(ReadOnlySpan<char> word) => word.TrimEnd("0123456789") is "op" or "ed" or "opening" or "ending" or "openings" or "endings";

    /// <summary>Words that stand beside a word for bonus material in its bracket: "[BD Menu 1]", "[NCOP Ver. 2]", "[PV &amp; CM]".</summary>
    public static bool IsCompanion(ReadOnlySpan<char> word) => word.IndexOfAnyExceptInRange('0', '9') < 0
        || word is "bd" or "dvd" or "tv" or "web" or "ver" or "version" or "v2" or "v3" or "disc" or "disk" or "vol" or "ep" or "eps" or "collection" or "no" or "and" or "character" or "special"
        || word is ['e', 'p', >= '0' and <= '9', ..] or ['v', 'o', 'l', >= '0' and <= '9', ..];

    /// <summary>The vocabulary's kind that the first or last of the words names; null when they name none.</summary>
    public static string? FindKind(TokenizedName name, int first, int last)
    {
        while (last > first && name[last].IsNumber)
        {
            last--;
        }

        return first > last ? null : FindKindAt(name, first, last) ?? FindKindAt(name, last, last)
            ?? (last > first && name.Word(last) is "scenes" or "scene" && name.Is(last - 1, "deleted") ? "deleted" : null);
    }

    private static string? FindKindAt(TokenizedName name, int i, int last) => name.Word(i) switch
    {
        "trailer" or "trailers" or "teaser" or "teasers" => "trailer",
        "featurette" or "featurettes" => "featurette",
        "interview" or "interviews" => "interview",
        "deleted" when i < last && name.Word(i + 1) is "scene" or "scenes" => "deleted",
        "behind" when i + 2 <= last && name.Is(i + 1, "the") && name.Is(i + 2, "scenes") => "behindthescenes",
        _ => null,
    };

    /// <summary>Folders that hold nothing but bonus material of a series: "SPs", "NC", "NCOP &amp; NCED", "PV, CM".</summary>
    public static bool IsBonusFolder(TokenizedName folder)
    {
        var marks = 0;
        var certain = false;
        for (var i = 0; i < folder.Count; i++)
        {
            var word = folder.Word(i);
            var mark = Read(word, out _, out _);
            var isCreditless = IsCreditless(word);
            if (mark == BonusMark.None && !isCreditless && !IsOpeningOrEnding(word) && !IsCompanion(word) && word is not "sps")
            {
                return false;
            }

            certain |= mark == BonusMark.Certain || word is "sps" or "pvs" or "cms" or "menus" or "nc" or "creditless" or "textless";
            marks += mark != BonusMark.None || isCreditless ? 1 : 0;
        }

        return certain || marks > 1;
    }

    // "1", "02", "01a", "1v2", "01-02" is two words.
    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        var digits = new DigitScanner(text);
        return digits.TryRead(2, out _) && digits.IsAtEndOrSuffix;
    }
}
