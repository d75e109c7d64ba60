using System.Text.RegularExpressions;

namespace Catalogizer.Domain.Metadata;

/// <summary>The notation of a language for each provider; English for a language that the table lacks.</summary>
public static partial class Languages
{
    public const string Pattern = "^[a-z]{2}(-[A-Z]{2})?$";

    /// <summary>ISO 639-2 code of an undetermined language.</summary>
    public const string Undetermined = "und";

    private static readonly Dictionary<string, (string ThreeLetters, string Word)> KnownLanguages = new(StringComparer.Ordinal)
    {
        ["cs"] = ("ces", "czech"), ["da"] = ("dan", "danish"), ["de"] = ("deu", "german"), ["en"] = ("eng", "english"), ["es"] = ("spa", "spanish"), ["fi"] = ("fin", "finnish"),
        ["fr"] = ("fra", "french"), ["hu"] = ("hun", "hungarian"), ["it"] = ("ita", "italian"), ["ja"] = ("jpn", "japanese"), ["ko"] = ("kor", "koreana"), ["nl"] = ("nld", "dutch"),
        ["no"] = ("nor", "norwegian"), ["pl"] = ("pol", "polish"), ["pt"] = ("por", "portuguese"), ["pt-BR"] = ("pt", "brazilian"), ["ro"] = ("ron", "romanian"), ["ru"] = ("rus", "russian"),
        ["sv"] = ("swe", "swedish"), ["tr"] = ("tur", "turkish"), ["uk"] = ("ukr", "ukrainian"), ["zh"] = ("zho", "schinese"), ["zh-TW"] = ("zhtw", "tchinese"),
    };

    public static bool IsValid(string language) => LanguageRegex().IsMatch(language);

    /// <summary>TheTVDB's code: three letters as a rule.</summary>
    public static string ToTvdbCode(string language) => Find(language).ThreeLetters;

    /// <summary>Steam's name of the language, such as german.</summary>
    public static string ToSteamName(string language) => Find(language).Word;

    private static (string ThreeLetters, string Word) Find(string language) =>
        KnownLanguages.TryGetValue(language, out var names) ? names : KnownLanguages.GetValueOrDefault(language.Split('-')[0], KnownLanguages["en"]);

    [GeneratedRegex(Pattern)]
    private static partial Regex LanguageRegex();
}
