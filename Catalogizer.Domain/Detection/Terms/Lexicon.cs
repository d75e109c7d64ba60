using System.Collections.Frozen;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>All known terms by their lower-case spelling.</summary>
internal static class Lexicon
{
    /// <summary>The largest number of words in one spelling.</summary>
    public const int MaxWords = 4;

    private static readonly FrozenDictionary<string, Term> Terms = Collect();

    private static readonly FrozenDictionary<string, Term>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Terms.GetAlternateLookup<ReadOnlySpan<char>>();

    // First words of the spellings with several words: any other word needs only one lookup.
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
