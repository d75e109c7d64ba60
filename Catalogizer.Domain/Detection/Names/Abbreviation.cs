namespace Catalogizer.Domain.Detection.Names;

/// <summary>Recognises a title cut short: "hs", "harrowst" and "hrwst" of "Harrow Street".</summary>
internal readonly ref struct Abbreviation
{
    private const int MaxLength = 128;
    private const int MinLettersCut = 3;
    private const int MinLettersOfWord = 2;

    // The letters of the title without spaces, and for each letter whether it starts a word.
    private readonly ReadOnlySpan<char> _letters;
    private readonly ReadOnlySpan<bool> _starts;
    private readonly int _words;

    private Abbreviation(ReadOnlySpan<char> letters, ReadOnlySpan<bool> starts, int words)
    {
        _letters = letters;
        _starts = starts;
        _words = words;
    }

    /// <param name="isCautious">Whether to refuse what could as well be a word: only initials, and consonants that no one can pronounce.</param>
    public static bool IsOf(ReadOnlySpan<char> word, TokenizedName name, int first, int end, bool isCautious)
    {
        Span<char> letters = stackalloc char[MaxLength];
        Span<bool> starts = stackalloc bool[MaxLength];
        var (length, words) = (0, 0);
        for (var i = first; i < end; i++)
        {
            var next = name.Word(i);
            if (length + next.Length > MaxLength)
            {
                return false;
            }

            starts[length] = true;
            next.CopyTo(letters[length..]);
            length += next.Length;
            words++;
        }

        var title = new Abbreviation(letters[..length], starts[..length], words);
        return length > word.Length && (title.HasInitials(word) || title.HasPiece(word, isCautious) || title.HasConsonants(word, isCautious));
    }

    // "hs", "dsh"; short words in between may be left out ("tk" of "Tide of the Keepers").
    private bool HasInitials(ReadOnlySpan<char> word)
    {
        var at = 0;
        for (var i = 0; i < _letters.Length; i++)
        {
            if (!_starts[i])
            {
                continue;
            }

            if (at < word.Length && word[at] == _letters[i])
            {
                at++;
            }
            else if (WordLength(i) > 3)
            {
                return false;
            }
        }

        return at == word.Length && at > 1;
    }

    // "harrowst", "streetofh": from the start of a word to the middle of the same or a later one.
    private bool HasPiece(ReadOnlySpan<char> word, bool isCautious)
    {
        for (var i = 0; i + word.Length <= _letters.Length && word.Length >= MinLettersCut; i++)
        {
            var end = i + word.Length;
            if (_starts[i] && _letters[i..].StartsWith(word) && (end == _letters.Length ? i > 0 || _words == 1 : !_starts[end]))
            {
                return !isCautious || _starts[(i + 1)..end].Contains(true);
            }
        }

        return false;
    }

    // "pwc", "hrrwst", "cplane", "nh" of "Nebelhorn": letters left out, but none of those that start a word.
    private bool HasConsonants(ReadOnlySpan<char> word, bool isCautious)
    {
        var at = 0;
        for (var i = 0; i < _letters.Length; i++)
        {
            if (at < word.Length && word[at] == _letters[i])
            {
                at++;
            }
            else if (_starts[i] && WordLength(i) > 3)
            {
                return false;
            }
        }

        var isOfOneWord = _words == 1 && word.Length == MinLettersOfWord && !isCautious && !HasVowelInside(word);
        return at == word.Length && (at >= MinLettersCut || isOfOneWord) && word[0] == _letters[0] && (!isCautious || !HasVowelInside(word));
    }

    private static bool HasVowelInside(ReadOnlySpan<char> word)
    {
        foreach (var c in word[1..])
        {
            if (RandomLetters.IsVowel(c))
            {
                return true;
            }
        }

        return false;
    }

    private int WordLength(int start)
    {
        var end = start + 1;
        while (end < _starts.Length && !_starts[end])
        {
            end++;
        }

        return end - start;
    }
}
