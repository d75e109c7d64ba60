using System.Collections.Frozen;
using static Catalogizer.Domain.Detection.Terms.TermStrength;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>Languages by name and code. In a release name they only mark the end of the title; for a subtitle file they are a field.</summary>
internal static class LanguageTerms
{
    private const string Names =
        "en:english:eng:en;fr:français:french:fre:fra:truefrench:vff:vfq:vf:vo:francais:fr:vf2:vfi;de:german:ger:deu:deutsch:de;es:spanish:spa:esp:castellano:espanol:latino:español:es;it:italian:ita:italiano:it;"
        + "pt:português:portuguese:por:portugues:pt;nl:dutch:nld:dut:flemish:nl;sv:swedish:swe:svensk;no:norwegian:nor:norsk:nob;da:danish:dan:dansk;fi:suomi:finnish:fin;"
        + "pl:polski:polish:pol:plsub:pldub:lektor:pl;ru:русский:russian:rus;uk:українська:ukrainian:ukr;cs:čeština:czech:cze:ces:cz;sk:slovak:slo:slk;hu:magyar:hungarian:hun;"
        + "ro:română:romanian:rum:ron;bg:български:bulgarian:bul;el:ελληνικά:greek:gre:ell;tr:türkçe:turkish:tur;ar:العربية:arabic:ara;he:עברית:hebrew:heb;hi:hindi:hin;ta:tamil:tam;"
        + "te:telugu:tel;ml:malayalam:mal;kn:kannada:kan;bn:bengali:ben;mr:marathi:mar;pa:punjabi:pan;ur:urdu:urd;ja:日本語:japanese:jpn:jap;"
        + "ko:한국어:korean:kor;zh:中文:chinese:chi:zho:mandarin:cantonese;th:thai:tha;vi:vietnamese:vie;id:indonesian:ind;ms:malay:may:msa;"
        + "fa:persian:per:fas:farsi;ca:catalan:cat:catala;eu:basque:baq:eus;gl:galician:glg;hr:hrvatski:croatian:hrv;sr:srpski:serbian:srp;sl:slovenian:slv;"
        + "et:estonian:est:ee;lv:latvian:lav;lt:lithuanian:lit;is:icelandic:isl:ice;nb:nordic;tl:tagalog:fil:filipino";

    // Other codes of two letters do not count in release names: they are words of titles in some language.
    private static readonly FrozenSet<string> ReleaseCodes = ["en", "fr", "de", "es", "it", "pl", "nl", "pt", "no", "vo", "vf"];

    // Codes of three letters that are words of titles, too. They count only in capitals.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> TitleWords = ((string[])
        ["tel", "per", "may", "kan", "mal", "ben", "pan", "fin", "dan", "nor", "cat", "vie", "ind", "lit", "ice", "est", "hin", "tam", "fil", "ell", "spa", "pol", "por", "slo", "rum", "chi", "ara", "ron", "hun"])
            .ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Codes =
        GetAll().DistinctBy(pair => pair.Word).ToFrozenDictionary(pair => pair.Word, pair => pair.Code, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    public static void AddTo(TermTable table)
    {
        foreach (var (word, code) in GetAll())
        {
            if (IsReleaseCode(word))
            {
                table.Add(TermKind.Language, code, Weak, word);
            }
        }
    }

    public static bool IsReleaseCode(string word) => word.Length > 2 || ReleaseCodes.Contains(word);

    /// <summary>Whether a three-letter code is an ordinary word as well: "cat", "may", "ice".</summary>
    public static bool IsTitleWord(ReadOnlySpan<char> word) => word.Length == 3 && TitleWords.Contains(word);

    /// <summary>The ISO 639-1 code for a language name or code in lower case, without its region ("pt-br").</summary>
    public static bool TryGetCode(ReadOnlySpan<char> word, out string code)
    {
        var dash = word.IndexOf('-');
        return Codes.TryGetValue(dash > 0 ? word[..dash] : word, out code!);
    }

    public static IEnumerable<(string Word, string Code)> GetAll()
    {
        foreach (var language in Names.Split(';'))
        {
            var words = language.Split(':');
            foreach (var word in words)
            {
                yield return (word, words[0]);
            }
        }
    }
}
