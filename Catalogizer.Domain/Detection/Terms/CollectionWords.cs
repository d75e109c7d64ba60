using System.Collections.Frozen;
using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>What a word says about the works in a collection, the weakest first.</summary>
internal enum CollectionWord
{
    None,

    /// <summary>All of it: complete.</summary>
    Complete,

    /// <summary>A box of films or of a series' seasons.</summary>
    Box,

    /// <summary>Also a word of titles: collection, anthology.</summary>
    Vague,

    /// <summary>Films that belong together: trilogy.</summary>
    Films,
}

/// <summary>The words for several works, in the languages used in release names.</summary>
internal static class CollectionWords
{
    private static readonly FrozenDictionary<string, CollectionWord>.AlternateLookup<ReadOnlySpan<char>> Words = Create(
        (CollectionWord.Complete, "complete|completa|completo|komplett|komplette|komplet|compleet|integrale|intégrale|l'integrale|l'intégrale|полная"),
        (CollectionWord.Box, "boxset|boxsets|box|coffret|cofanetto|gesamtbox|komplettbox|filmbox|megapack|gesamtausgabe"),
        (CollectionWord.Vague, "collection|collections|kollektion|colección|coleccion|coleção|colecao|collezione|collectie|kolekcja|kolekce|samling|sammlung|коллекция"
            + "|anthology|anthologie|antología|antologia|антология|filmography|filmografie|filmografía"),
        (CollectionWord.Films, "filmreihe|filmreeks|filmserie|filmpack|moviepack"
            + "|duology|duologie|dilogy|dilogie|dilogia|дилогия|trilogy|trilogie|trilogia|trilogía|trilogi|трилогия|trilogija"
            + "|quadrilogy|quadrilogie|quadrilogia|quadrology|quadrologie|tetralogy|tetralogie|tétralogie|tetralogia|tetralogía|тетралогия|pentalogy|pentalogie|pentalogia|пенталогия"
            + "|hexalogy|hexalogie|hexology|hexalogia|heptalogy|heptalogie|heptalogia|septology|septologie|octalogy|octology|oktalogie|ennealogy|nonology|decalogy|dekalogie"));

    /// <summary>The word for several works that ends before <paramref name="end"/>, alone or with the word in front of it ("box set", "movie series").</summary>
    public static CollectionWord Read(TokenizedName name, int end, out int length)
    {
        length = 1;
        var word = name.Word(end - 1);
        if (Words.TryGetValue(word, out var found))
        {
            return found == CollectionWord.Box && word is "box" && !(end > 2 && Words.TryGetValue(name.Word(end - 2), out _)) ? CollectionWord.None : found;
        }

        if (end < 3)
        {
            return CollectionWord.None;
        }

        length = 2;
        return word switch
        {
            "set" when name.Word(end - 2) is "box" or "boxed" => CollectionWord.Box,
            "set" or "pack" or "series" when IsFilmWord(name.Word(end - 2)) => CollectionWord.Films,
            _ => CollectionWord.None,
        };
    }

    public static bool IsCollectionWord(ReadOnlySpan<char> word) => Words.TryGetValue(word, out var found) && found != CollectionWord.Complete && word is not "box";

    /// <summary>Words that stand between the title and the word for several works.</summary>
    public static bool IsQualifier(ReadOnlySpan<char> word) => IsFilmWord(word)
        || word is "the" or "ultimate" or "entire" or "full" or "whole" or "original" or "die" or "der" or "la" or "le" or "il" or "de";

    public static bool IsFilmWord(ReadOnlySpan<char> word) => word is "film" or "films" or "movie" or "movies" or "filme" or "filmes" or "películas" or "peliculas" or "filmů";

    private static FrozenDictionary<string, CollectionWord>.AlternateLookup<ReadOnlySpan<char>> Create(params (CollectionWord Word, string Spellings)[] words) =>
        words.SelectMany(entry => entry.Spellings.Split('|').Select(spelling => KeyValuePair.Create(spelling, entry.Word)))
            .ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
}
