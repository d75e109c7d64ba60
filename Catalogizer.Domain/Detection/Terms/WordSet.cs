using System.Collections.Frozen;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>Words and phrases, listed with '|' between them, that are looked up without copying text.</summary>
internal static class WordSet
{
    public static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Create(string words, StringComparer comparer) =>
        words.Split('|').ToFrozenSet(comparer).GetAlternateLookup<ReadOnlySpan<char>>();
}
