using System.Collections.Frozen;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>Every word with a known meaning, found by its lower-case spelling.</summary>
internal static class Lexicon
{
    /// <summary>No spelling has more words.</summary>
    public const int MaxWords = 4;

    private static readonly FrozenDictionary<string, Term> Terms = Collect();

    private static readonly FrozenDictionary<string, Term>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Terms.GetAlternateLookup<ReadOnlySpan<char>>();

    // The first words of spellings that have several: most words of a name are looked up once.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> PhraseStarts =
        Terms.Keys.Where(key => key.Contains(' ')).Select(key => key[..key.IndexOf(' ')])
            .ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly int MaxLength = Terms.Keys.Max(key => key.Length);

    public static bool TryFind(ReadOnlySpan<char> words, out Term term)
    {
        term = null!;
        return words.Length <= MaxLength && Lookup.TryGetValue(words, out term!);
    }

    public static bool StartsPhrase(ReadOnlySpan<char> word) => word.Length <= MaxLength && PhraseStarts.Contains(word);

    private static FrozenDictionary<string, Term> Collect()
    {
        var table = new TermTable();
        VideoTerms.AddTo(table);
        AudioTerms.AddTo(table);
        EditionTerms.AddTo(table);
        ReleaseTerms.AddTo(table);
        LanguageTerms.AddTo(table);
        GameTerms.AddTo(table);
        SoftwareTerms.AddTo(table);
        PrintTerms.AddTo(table);
        return table.Terms.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
