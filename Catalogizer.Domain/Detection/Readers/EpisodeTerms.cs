namespace Catalogizer.Domain.Detection.Readers;

/// <summary>The words for season and episode in the languages used in release names.</summary>
internal static class EpisodeTerms
{
    public static bool IsSeasonWord(ReadOnlySpan<char> word) => word is "season" or "seasons" or "saison" or "saisons" or "temporada"
        or "temporadas" or "staffel" or "staffeln" or "stagione" or "stagioni" or "sezon" or "seizoen" or "säsong" or "sæson" or "sesong" or "kausi" or "se"
        or "évad" or "сезон" or "temp" or "الموسم" or "עונה" or "mùa";

    public static bool IsEpisodeWord(ReadOnlySpan<char> word) => word is "episode" or "episodes" or "ep" or "eps" or "e" or "episodio" or "episodios"
        or "folge" or "folgen" or "capitulo" or "capítulo" or "cap" or "afl" or "aflevering" or "odcinek" or "avsnitt" or "afsnit" or "jakso" or "серия" or "серии" or "epizod" or "épisode" or "епизод" or "епізод" or "επεισόδιο" or "الحلقة" or "פרק" or "tập";

    /// <summary>Between a first and a last number: "1 to 6".</summary>
    public static bool IsRangeWord(ReadOnlySpan<char> word) => word is "to" or "thru" or "bis" or "à" or "al" or "till" or "по";

    /// <summary>2 for "two" and "second", up to ten; 0 for anything else.</summary>
    public static int ParseSpelledNumber(ReadOnlySpan<char> word) => word switch
    {
        "one" or "first" => 1,
        "two" or "second" => 2,
        "three" or "third" => 3,
        "four" or "fourth" => 4,
        "five" or "fifth" => 5,
        "six" or "sixth" => 6,
        "seven" or "seventh" => 7,
        "eight" or "eighth" => 8,
        "nine" or "ninth" => 9,
        "ten" or "tenth" => 10,
        _ => 0,
    };

    /// <summary>Words that follow the number: "69. bölüm".</summary>
    public static bool IsTrailingEpisodeWord(ReadOnlySpan<char> word) => word is "blm" or "bölüm" or "bolum" or "серия" or "серії" or "rész" or "díl";

    /// <summary>Words that follow the number: "2 сезон", "2. sezon".</summary>
    public static bool IsTrailingSeasonWord(ReadOnlySpan<char> word) => word is "сезон" or "sezon" or "évad" or "temporada" or "série" or "seizoen" or "saison";

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
