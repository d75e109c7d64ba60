using System.Text.RegularExpressions;

namespace Catalogizer.Domain.Metadata;

/// <summary>A language as each provider writes it; English where one does not know it.</summary>
public static partial class Languages
{
    public const string Pattern = "^[a-z]{2}(-[A-Z]{2})?$";

    /// <summary>ISO 639-2's code for a language that is not known.</summary>
    public const string Undetermined = "und";

    private static readonly Dictionary<string, (string ThreeLetters, string Word)> KnownLanguages = new(StringComparer.Ordinal)
    {
        ["cs"] = ("ces", "czech"), ["da"] = ("dan", "danish"), ["de"] = ("deu", "german"), ["en"] = ("eng", "english"), ["es"] = ("spa", "spanish"), ["fi"] = ("fin", "finnish"),
        ["fr"] = ("fra", "french"), ["hu"] = ("hun", "hungarian"), ["it"] = ("ita", "italian"), ["ja"] = ("jpn", "japanese"), ["ko"] = ("kor", "koreana"), ["nl"] = ("nld", "dutch"),
        ["no"] = ("nor", "norwegian"), ["pl"] = ("pol", "polish"), ["pt"] = ("por", "portuguese"), ["pt-BR"] = ("pt", "brazilian"), ["ro"] = ("ron", "romanian"), ["ru"] = ("rus", "russian"),
        ["sv"] = ("swe", "swedish"), ["tr"] = ("tur", "turkish"), ["uk"] = ("ukr", "ukrainian"), ["zh"] = ("zho", "schinese"), ["zh-TW"] = ("zhtw", "tchinese"),
    };

    public static bool IsValid(string language) => LanguageRegex().IsMatch(language);

    /// <summary>Three letters, as TheTVDB writes it.</summary>
    public static string ToTvdbCode(string language) => Find(language).ThreeLetters;

    /// <summary>A word, as Steam writes it.</summary>
    public static string ToSteamName(string language) => Find(language).Word;

    private static (string ThreeLetters, string Word) Find(string language) =>
        KnownLanguages.TryGetValue(language, out var names) ? names : KnownLanguages.GetValueOrDefault(language.Split('-')[0], KnownLanguages["en"]);

    [GeneratedRegex(Pattern)]
    private static partial Regex LanguageRegex();
}
