using Catalogizer.Domain.Detection.Terms;
using static Catalogizer.Domain.Detection.Terms.NumberLanguages;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>The words for season and episode in the languages used in release names.</summary>
internal static class EpisodeTerms
{
    public static bool IsSeasonWord(ReadOnlySpan<char> word) => word is "season" or "seasons" or "saison" or "saisons" or "temporada"
        or "temporadas" or "staffel" or "staffeln" or "stagione" or "stagioni" or "sezon" or "seizoen" or "säsong" or "sæson" or "sesong" or "kausi" or "se"
        or "évad" or "сезон" or "temp" or "الموسم" or "עונה" or "mùa" or "sezona" or "sezóna" or "sezonul" or "sasong" or "시즌" or "シーズン";

    /// <summary>Words that mean a season only beside a marked episode, "Livre II - Ep 31"; elsewhere they are titles.</summary>
    public static bool IsWeakSeasonWord(ReadOnlySpan<char> word) => word is "tem" or "stag" or "sez" or "series" or "book" or "livre" or "buch" or "libro"
        or "livro" or "boek" or "kniha";

    public static bool IsEpisodeWord(ReadOnlySpan<char> word) => word is "episode" or "episodes" or "ep" or "eps" or "e" or "episodio" or "episodios"
        or "folge" or "folgen" or "capitulo" or "capítulo" or "cap" or "afl" or "aflevering" or "odcinek" or "avsnitt" or "afsnit" or "jakso" or "серия" or "серии" or "epizod" or "épisode" or "епизод" or "епізод" or "επεισόδιο" or "الحلقة" or "פרק" or "tập"
        or "puntata" or "puntate" or "episódio" or "episódios" or "odc" or "epizoda" or "эпизод" or "выпуск" or "серія" or "ตอนที่" or "bölüm" or "bolum";

    /// <summary>Between a first and a last number: "1 to 6".</summary>
    public static bool IsRangeWord(ReadOnlySpan<char> word) => word is "to" or "thru" or "bis" or "à" or "al" or "till" or "по";

    /// <summary>The languages whose words for numbers may stand beside the word.</summary>
    public static NumberLanguages GetLanguages(ReadOnlySpan<char> word) => word switch
    {
        "season" or "seasons" => English | German,
        "series" or "book" => English,
        "saison" => French | German,
        "saisons" or "livre" => French,
        "staffel" or "staffeln" or "buch" or "folge" or "folgen" => German,
        "temporada" or "temporadas" or "temp" or "tem" or "cap" or "capitulo" or "capítulo" => Spanish | Portuguese,
        "livro" or "episódio" or "episódios" => Portuguese,
        "libro" or "episodio" or "episodios" => Spanish | Italian | Portuguese,
        "stagione" or "stagioni" or "stag" or "puntata" or "puntate" => Italian,
        "seizoen" or "boek" or "aflevering" or "afl" => Dutch,
        "sezon" or "sez" => Polish | Turkish,
        "odcinek" or "odc" => Polish,
        "sezóna" or "sezona" or "série" or "kniha" or "díl" => Czech,
        "säsong" or "sasong" or "avsnitt" => Swedish,
        "sæson" or "afsnit" => Danish,
        "sesong" => Norwegian,
        "kausi" or "jakso" => Finnish,
        "сезон" or "серия" or "серии" or "эпизод" or "выпуск" => Russian,
        "évad" or "epizód" or "rész" => Hungarian,
        "bölüm" or "bolum" or "blm" => Turkish,
        "épisode" => French,
        "episode" or "ep" => English | French | German,
        _ => None,
    };

    /// <summary>Whether the word is a plural, which a number in front of it counts and does not number: "3 Staffeln".</summary>
    public static bool IsPlural(ReadOnlySpan<char> word) => word is "seasons" or "saisons" or "temporadas" or "staffeln" or "stagioni" or "series"
        or "episodes" or "eps" or "episodios" or "episódios" or "folgen" or "puntate" or "серии";

    /// <summary>Between a number and the total: "3 of 6".</summary>
    public static bool IsTotalWord(ReadOnlySpan<char> word) => word is "of" or "von" or "из" or "di" or "de" or "sur" or "van" or "av" or "af" or "z";

    /// <summary>What digits carry that are an ordinal: "2nd", "3ª", "2ème".</summary>
    public static bool IsOrdinalSuffix(ReadOnlySpan<char> letters) => letters is "st" or "nd" or "rd" or "th" or "ª" or "º" or "°" or "a" or "o" or "e"
        or "er" or "re" or "ère" or "ere" or "ème" or "eme" or "nde" or "de" or "te" or "ste";

    /// <summary>Words that follow the number: "69. bölüm".</summary>
    public static bool IsTrailingEpisodeWord(ReadOnlySpan<char> word) => word is "blm" or "bölüm" or "bolum" or "серия" or "серії" or "rész" or "díl";

    /// <summary>Words that may follow the number: "2. sezon", "5. série".</summary>
    public static bool IsTrailingSeasonWord(ReadOnlySpan<char> word) => word is "série" || IsSeasonWord(word);

    /// <summary>A number behind the word is that of a part, disc or volume.</summary>
    public static bool IsPartOrVolumeWord(ReadOnlySpan<char> word) => word is "part" or "pt" or "cd" or "disc" or "disk" or "dvd" or "vol" or "volume" or "no";

    /// <summary>"season3", "staffel2", "s03", "第2季"; the number has up to four digits.</summary>
    public static bool TryReadSeason(ReadOnlySpan<char> word, out int season)
    {
        season = 0;
        if (word is ['第', .., '季' or '期'])
        {
            season = ParseEastAsianNumber(word[1..^1]);
            return season > 0;
        }

        var letters = word.IndexOfAnyInRange('0', '9');
        if (letters <= 0 || !(IsSeasonWord(word[..letters]) || (letters == 1 && word[0] == 's')))
        {
            return false;
        }

        var digits = new DigitScanner(word[letters..]);
        return digits.TryRead(4, out season) && digits.IsAtEnd;
    }

    /// <summary>The number of "02", "二" or "十二"; 0 for anything else.</summary>
    private static int ParseEastAsianNumber(ReadOnlySpan<char> word)
    {
        var digits = new DigitScanner(word);
        if (digits.TryRead(2, out var number))
        {
            return digits.IsAtEnd ? number : 0;
        }

        const string Numerals = "一二三四五六七八九";
        return word switch
        {
            ['十'] => 10,
            [var one] => Numerals.IndexOf(one) + 1,
            ['十', var unit] when Numerals.Contains(unit) => 11 + Numerals.IndexOf(unit),
            _ => 0,
        };
    }

    /// <summary>"e07", "ep07", "episode7", "folge12".</summary>
    public static bool TryReadEpisodes(ReadOnlySpan<char> word, List<int> episodes)
    {
        var letters = word.IndexOfAnyInRange('0', '9');
        if (letters <= 0 || !IsEpisodeWord(word[..letters]))
        {
            return false;
        }

        var digits = new DigitScanner(word[letters..]);
        if (!digits.TryRead(5, out var episode))
        {
            return false;
        }

        episodes.Add(episode);
        while (digits.TrySkip('e') && digits.TryRead(5, out episode))
        {
            episodes.Add(episode);
        }

        return digits.IsAtEndOrSuffix;
    }
}
