using System.Collections.Frozen;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>How much a word behind a title says that it is a note about languages.</summary>
internal enum LanguageWord
{
    None,

    /// <summary>"dubbed", "VOSTFR": never part of a title's end.</summary>
    Dubbing,

    /// <summary>"eng", "ita"</summary>
    Code,

    /// <summary>"German": also a word of titles.</summary>
    Name,

    /// <summary>"sub", "dual": counts in capitals or beside a language.</summary>
    Mark,

    /// <summary>"LD", "DL": counts behind a language only, since it is "MD" in "Doctor Lamp MD".</summary>
    Suffix,

    /// <summary>"no", "cat": counts in capitals only.</summary>
    TitleWord,
}

/// <summary>Words that say in which languages a film is spoken and subtitled.</summary>
internal static class DubbingTerms
{
    private const string Dubbing = "dubbed|subbed|redubbed|subtitled|hardsub|hardsubs|hardsubbed|softsub|softsubs|softsubbed|fansub|fansubs|multisub|multisubs|multidub|esub|esubs|msub|msubs"
        + "|engsub|engsubs|engdub|nordicsubs|dksubs|nlsub|nlsubs|swesub|swesubs|hebsub|plsub|plsubbed|pldub|pldubbed|lektor|czsub|czdub|subita|subspa|subesp|subeng|subbeditaly"
        + "|truefrench|subfrench|fastsub|subtitlefrench|vost|vostfr|vosta|vosten|vostvf|vose|vff|vfq|vfi|vf2|vof|voq|stfr|dublado|dublada|legendado|legendada|legendas|doblado|doblada|subtitulado|subtitulada|subtitulos|subtítulos"
        + "|doppiato|sottotitolato|sottotitoli|untertitel|synchronisiert|omu|omeu|ondertiteld|tekstet|textad|dabing|titulky|napisy|dubbing|dublaj|altyazili|altyazılı|dublat|subtitrat|feliratos|szinkronos|szinkron"
        + "|дубляж|дублированный|субтитры|озвучка|многоголосый|字幕|字幕版|吹替|吹替版|吹き替え|中字|国语|粤语|双语|国语配音";

    private const string Marks = "sub|subs|dub|dubs|dual|multi|subtitles|subtitle|ov|vo|vf";

    private const string Suffixes = "ld|md|dl|ml|line|audio|only";

    private static readonly FrozenDictionary<string, LanguageWord>.AlternateLookup<ReadOnlySpan<char>> Words = Collect()
        .DistinctBy(pair => pair.Word).ToFrozenDictionary(pair => pair.Word, pair => pair.Kind, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static LanguageWord Classify(ReadOnlySpan<char> word) => Words.TryGetValue(word, out var kind) ? kind : LanguageWord.None;

    private static IEnumerable<(string Word, LanguageWord Kind)> Collect() => Dubbing.Split('|').Select(word => (word, LanguageWord.Dubbing))
        .Concat(Marks.Split('|').Select(word => (word, LanguageWord.Mark)))
        .Concat(Suffixes.Split('|').Select(word => (word, LanguageWord.Suffix)))
        .Concat(LanguageTerms.GetAll().Where(pair => LanguageTerms.IsReleaseCode(pair.Word)).Select(pair => (pair.Word,
            pair.Word.Length == 2 || LanguageTerms.IsTitleWord(pair.Word) ? LanguageWord.TitleWord : pair.Word.Length == 3 ? LanguageWord.Code : LanguageWord.Name)));
}
