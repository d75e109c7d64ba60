using System.Globalization;

namespace Catalogizer.Domain.Detection.Names;

/// <summary>
/// One name (a file's stem or a folder), split into words once. Characters beyond <see cref="MaxLength"/>, four times what a
/// file system allows, are ignored.
/// </summary>
internal sealed class TokenizedName
{
    public const int MaxLength = 1024;
    private const int MaxTokens = 256;

    public static readonly TokenizedName Empty = new("");

    // Names are split into these buffers first, so that the arrays of each name have exactly the size it needs.
    [ThreadStatic] private static Token[]? s_tokenBuffer;
    [ThreadStatic] private static char[]? s_normalizedBuffer;

    private readonly Token[] _tokens;
    private readonly char[] _normalized;

    public TokenizedName(ReadOnlySpan<char> text)
    {
        Text = Characters.Normalize((text.Length > MaxLength ? text[..MaxLength] : text).Trim());
        var tokens = s_tokenBuffer ??= new Token[MaxTokens];
        var norm = s_normalizedBuffer ??= new char[MaxLength * 2 + 1];
        var length = Tokenize(tokens, norm);
        _tokens = tokens.AsSpan(0, Count).ToArray();
        _normalized = norm.AsSpan(0, length).ToArray();
    }

    public string Text { get; }

    public int Count { get; private set; }

    /// <summary>The separators after the last word.</summary>
    public Separator TrailingSeparator { get; private set; }

    public ref readonly Token this[int index] => ref _tokens[index];

    /// <summary>The separators after a word: those before the next word, or the trailing ones.</summary>
    public Separator SeparatorAfter(int index) => index + 1 < Count ? _tokens[index + 1].SeparatorBefore : TrailingSeparator;

    /// <summary>The word in lower case.</summary>
    public ReadOnlySpan<char> Word(int index) => _normalized.AsSpan(_tokens[index].NormalizedStart, _tokens[index].NormalizedLength);

    public bool Is(int index, string word) => index >= 0 && index < Count && Word(index).SequenceEqual(word);

    /// <summary>Several words in lower case, separated by single spaces.</summary>
    public ReadOnlySpan<char> Phrase(int first, int count)
    {
        var start = _tokens[first].NormalizedStart;
        var last = _tokens[first + count - 1];
        return _normalized.AsSpan(start, last.NormalizedStart + last.NormalizedLength - start);
    }

    /// <summary>The word as a number; -1 when it is not a number, has more than eight digits, or does not exist.</summary>
    public int Number(int index)
    {
        if (index < 0 || index >= Count || _tokens[index] is not { IsNumber: true, Length: <= 8 } token)
        {
            return -1;
        }

        return int.Parse(_normalized.AsSpan(token.NormalizedStart, token.NormalizedLength), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The original text from the first to the last word, both included, without the surrounding separators. Words beyond the end of the name are
    /// ignored; empty when there are no others.
    /// </summary>
    public ReadOnlySpan<char> RawText(int first, int last)
    {
        last = Math.Min(last, Count - 1);
        return first > last ? [] : Text.AsSpan(_tokens[first].Start, _tokens[last].End - _tokens[first].Start);
    }

    /// <summary>Index of the last word in the same bracket; the index itself outside of brackets.</summary>
    public int FindBracketEnd(int index)
    {
        var group = _tokens[index].BracketGroup;
        while (group != 0 && index + 1 < Count && _tokens[index + 1].BracketGroup == group)
        {
            index++;
        }

        return index;
    }

    /// <summary>Index of the first word in the same bracket; the index itself outside of brackets.</summary>
    public int FindBracketFirst(int index)
    {
        var group = _tokens[index].BracketGroup;
        while (group != 0 && index > 0 && _tokens[index - 1].BracketGroup == group)
        {
            index--;
        }

        return index;
    }

    /// <summary>Index of the first word from <paramref name="from"/> on that a bracket opens before; <paramref name="end"/> without one.</summary>
    public int FindBracketStart(int from, int end)
    {
        for (var i = from; i < end; i++)
        {
            if ((_tokens[i].SeparatorBefore & Separator.Open) != 0)
            {
                return i;
            }
        }

        return end;
    }

    /// <summary>The original text from a word up to another one, with the separators in between; up to the end when there is no other.</summary>
    public ReadOnlySpan<char> TextUntil(int first, int end) => Text.AsSpan()[_tokens[first].Start..(end < Count ? _tokens[end].Start : Text.Length)];

    private int Tokenize(Token[] tokens, char[] normalized)
    {
        var separators = Separator.None;
        var depth = 0;
        short group = 0;
        var bracket = '\0';
        var normalizedEnd = 0;
        for (var i = 0; i < Text.Length;)
        {
            var separator = SeparatorAt(i);
            if (separator != Separator.None)
            {
                separators |= separator;
                if (separator == Separator.Open && depth++ == 0)
                {
                    group++;
                    bracket = Characters.NormalizeBracket(Text[i]);
                }
                else if (separator == Separator.Close && depth > 0)
                {
                    depth--;
                }

                i++;
                continue;
            }

            if (Count == tokens.Length)
            {
                break;
            }

            var start = i;
            var normalizedStart = Count == 0 ? 0 : normalizedEnd + 1;
            if (Count > 0)
            {
                normalized[normalizedEnd] = ' ';
            }

            normalizedEnd = normalizedStart;
            int digits = 0;
            for (; i < Text.Length && SeparatorAt(i) == Separator.None && !(i > start && StartsCounter(i)); i++)
            {
                var c = Text[i];
                digits += Characters.IsDigit(c) ? 1 : 0;
                normalized[normalizedEnd++] = c < 0x80 ? char.ToLowerInvariant(c) : char.ToLower(c, CultureInfo.InvariantCulture);
            }

            var length = i - start;
            var tokenKind = digits == length ? TokenKind.Number : digits == 0 ? TokenKind.Word : TokenKind.Mixed;
            tokens[Count++] = new Token((ushort)start, (ushort)length, (ushort)normalizedStart, (ushort)(normalizedEnd - normalizedStart), tokenKind, separators,
                depth > 0 ? bracket : '\0', depth > 0 ? group : (short)0);
            separators = Separator.None;
        }

        TrailingSeparator = separators;
        return normalizedEnd;
    }

    // 第2季第05集: there is no separator between a title and its season or episode number.
    private bool StartsCounter(int index) =>
        Text[index] == '第' && index + 1 < Text.Length && (Characters.IsDigit(Text[index + 1]) || "一二三四五六七八九十".Contains(Text[index + 1]));

    private Separator SeparatorAt(int index)
    {
        var c = Text[index];
        return c is '\'' or '\u2019'
            ? index > 0 && index + 1 < Text.Length && char.IsLetter(Text[index - 1]) && char.IsLetter(Text[index + 1]) ? Separator.None : Separator.Other
            : c is '(' or ')' && IsInWord(index) ? Separator.None : Characters.GetSeparator(c);
    }

    // "(un)said", "w(h)ere", "Friend(s)": a round bracket around letters of a word. Longer letters behind a word are rather a field: "Title(en)".
    private bool IsInWord(int bracket)
    {
        const int MaxLetters = 8;
        var open = bracket;
        while (Text[open] != '(')
        {
            if (--open < 0 || bracket - open > MaxLetters + 1 || !(Text[open] == '(' || char.IsLetter(Text[open])))
            {
                return false;
            }
        }

        var close = open + 1;
        while (close < Text.Length && close - open <= MaxLetters && char.IsLetter(Text[close]))
        {
            close++;
        }

        if (close == open + 1 || close >= Text.Length || Text[close] != ')')
        {
            return false;
        }

        return close + 1 < Text.Length && char.IsLower(Text[close + 1])
            || (close == open + 2 && char.IsLower(Text[open + 1]) && open > 0 && char.IsLower(Text[open - 1]) && !(close + 1 < Text.Length && char.IsLetterOrDigit(Text[close + 1])));
    }
}
