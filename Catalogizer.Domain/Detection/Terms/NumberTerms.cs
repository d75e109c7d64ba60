using System.Collections.Frozen;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Detection.Terms;

[Flags]
internal enum NumberLanguages
{
    None = 0,
    English = 1,
    French = 2,
    German = 4,
    Spanish = 8,
    Italian = 16,
    Portuguese = 32,
    Dutch = 64,
    Polish = 128,
    Czech = 256,
    Swedish = 512,
    Danish = 1024,
    Norwegian = 2048,
    Finnish = 4096,
    Russian = 8192,
    Turkish = 16384,
    Hungarian = 32768,
}

/// <summary>
/// Numbers in words and in Roman numerals. A word counts only in its own language: "on" is 10 in Turkish, "to" is 2 in Danish, and neither is a
/// number beside an English word.
/// </summary>
internal static class NumberTerms
{
    // From 1 upwards; several forms of one number are separated by '/'.
    private static readonly (NumberLanguages Language, string Cardinals, string Ordinals)[] Words =
    [
        (NumberLanguages.English, "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty",
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"),
        (NumberLanguages.French, "un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
            "premier/première deuxième/second/seconde troisième quatrième cinquième sixième septième huitième neuvième dixième onzième douzième treizième quatorzième quinzième"),
        (NumberLanguages.German, "eins zwei/zwo drei vier fünf/fuenf sechs sieben acht neun zehn elf zwölf/zwoelf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn zwanzig",
            "erste/erster zweite/zweiter dritte/dritter vierte/vierter fünfte/fuenfte/fünfter sechste/sechster siebte/siebente/siebter achte/achter neunte/neunter zehnte/zehnter elfte zwölfte/zwoelfte dreizehnte vierzehnte fünfzehnte"),
        (NumberLanguages.Spanish, "uno/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve veinte",
            "primera/primero/primer segunda/segundo tercera/tercero/tercer cuarta/cuarto quinta/quinto sexta/sexto séptima/séptimo octava/octavo novena/noveno décima/décimo undécima/undécimo duodécima/duodécimo"),
        (NumberLanguages.Italian, "uno/una due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici diciassette diciotto diciannove venti",
            "prima/primo seconda/secondo terza/terzo quarta/quarto quinta/quinto sesta/sesto settima/settimo ottava/ottavo nona/nono decima/decimo undicesima/undicesimo dodicesima/dodicesimo"),
        (NumberLanguages.Portuguese, "um/uma dois/duas três quatro cinco seis sete oito nove dez onze doze treze catorze/quatorze quinze dezesseis/dezasseis dezessete dezoito dezenove vinte",
            "primeira/primeiro segunda/segundo terceira/terceiro quarta/quarto quinta/quinto sexta/sexto sétima/sétimo oitava/oitavo nona/nono décima/décimo"),
        (NumberLanguages.Dutch, "één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien achttien negentien twintig",
            "eerste tweede derde vierde vijfde zesde zevende achtste negende tiende elfde twaalfde"),
        (NumberLanguages.Polish, "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście",
            "pierwszy/pierwsza drugi/druga trzeci/trzecia czwarty/czwarta piąty/piąta szósty/szósta siódmy/siódma ósmy/ósma dziewiąty/dziewiąta dziesiąty/dziesiąta jedenasty dwunasty"),
        (NumberLanguages.Czech, "jedna dvě/dva tři čtyři pět šest sedm osm devět deset",
            "první druhá/druhý třetí čtvrtá/čtvrtý pátá/pátý šestá/šestý sedmá/sedmý osmá/osmý devátá/devátý desátá/desátý"),
        (NumberLanguages.Swedish, "ett två tre fyra fem sex sju åtta nio tio elva tolv", "första andra tredje fjärde femte sjätte sjunde åttonde nionde tionde"),
        (NumberLanguages.Danish, "én to tre fire fem seks syv otte ni ti elleve tolv", "første anden tredje fjerde femte sjette syvende ottende niende tiende"),
        (NumberLanguages.Norwegian, "én to tre fire fem seks sju/syv åtte ni ti elleve tolv", "første andre tredje fjerde femte sjette sjuende/syvende åttende niende tiende"),
        (NumberLanguages.Finnish, "yksi kaksi kolme neljä viisi kuusi seitsemän kahdeksan yhdeksän kymmenen",
            "ensimmäinen toinen kolmas neljäs viides kuudes seitsemäs kahdeksas yhdeksäs kymmenes"),
        (NumberLanguages.Russian, "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
            "первый/первая второй/вторая третий/третья четвёртый/четвертый/четвёртая/четвертая пятый/пятая шестой/шестая седьмой/седьмая восьмой/восьмая девятый/девятая десятый/десятая"),
        (NumberLanguages.Turkish, "bir iki üç dört beş altı yedi sekiz dokuz on", "birinci ikinci üçüncü dördüncü beşinci altıncı yedinci sekizinci dokuzuncu onuncu"),
        (NumberLanguages.Hungarian, "egy kettő három négy öt hat hét nyolc kilenc tíz", "első második harmadik negyedik ötödik hatodik hetedik nyolcadik kilencedik tizedik"),
    ];

    private static readonly FrozenDictionary<string, Meaning>.AlternateLookup<ReadOnlySpan<char>> Lookup = Collect();

    /// <summary>The value of a cardinal or an ordinal in one of the languages; 0 for anything else.</summary>
    public static int Parse(ReadOnlySpan<char> word, NumberLanguages languages) =>
        Lookup.TryGetValue(word, out var meaning) && ((meaning.Cardinal | meaning.Ordinal) & languages) != 0 ? meaning.Value : 0;

    /// <summary>The value of an ordinal in one of the languages; 0 for anything else.</summary>
    public static int ParseOrdinal(ReadOnlySpan<char> word, NumberLanguages languages) =>
        Lookup.TryGetValue(word, out var meaning) && (meaning.Ordinal & languages) != 0 ? meaning.Value : 0;

    /// <summary>The value of a numeral of I, V and X in lower case, up to 39; 0 for anything else.</summary>
    public static int ParseRoman(ReadOnlySpan<char> word)
    {
        var tens = word.IndexOfAnyExcept('x') is >= 0 and var other ? other : word.Length;
        var units = word[tens..] switch
        {
            "" => 0, "i" => 1, "ii" => 2, "iii" => 3, "iv" => 4, "v" => 5, "vi" => 6, "vii" => 7, "viii" => 8, "ix" => 9, _ => -1,
        };
        return units < 0 || tens > 3 ? 0 : tens * 10 + units;
    }

    private static FrozenDictionary<string, Meaning>.AlternateLookup<ReadOnlySpan<char>> Collect()
    {
        var meanings = new Dictionary<string, Meaning>(StringComparer.Ordinal);
        foreach (var (language, cardinals, ordinals) in Words)
        {
            Add(meanings, cardinals, new Meaning(0, language, NumberLanguages.None));
            Add(meanings, ordinals, new Meaning(0, NumberLanguages.None, language));
        }

        return meanings.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private static void Add(Dictionary<string, Meaning> meanings, string words, Meaning kind)
    {
        foreach (var (number, forms) in words.Split(' ').Index())
        {
            // File names are often written without accents: "deuxieme", "zwolf".
            foreach (var form in forms.Split('/').SelectMany(form => new[] { form, TextNormalizer.Fold(form) }).Distinct())
            {
                // No word of the table has two values in two languages.
                var known = meanings.GetValueOrDefault(form);
                meanings[form] = new Meaning(number + 1, known.Cardinal | kind.Cardinal, known.Ordinal | kind.Ordinal);
            }
        }
    }

    private readonly record struct Meaning(int Value, NumberLanguages Cardinal, NumberLanguages Ordinal);
}
