using System.Globalization;

namespace Catalogizer.Domain.Detection.Names;

/// <summary>
/// One name (a file's stem or a folder) cut into words, once. Beyond <see cref="MaxLength"/> characters, four times
/// what a file system allows, nothing is read.
/// </summary>
internal sealed class NameText
{
    public const int MaxLength = 1024;
    private const int MaxTokens = 256;

    // Names are cut here first, so that each keeps no more than it has words.
    [ThreadStatic] private static Token[]? s_tokens;
    [ThreadStatic] private static char[]? s_norm;

    private readonly Token[] _tokens;
    private readonly char[] _norm;

    public NameText(ReadOnlySpan<char> text)
    {
        Text = Characters.Plain((text.Length > MaxLength ? text[..MaxLength] : text).Trim());
        var tokens = s_tokens ??= new Token[MaxTokens];
        var norm = s_norm ??= new char[MaxLength * 2 + 1];
        var length = Cut(tokens, norm);
        _tokens = tokens.AsSpan(0, Count).ToArray();
        _norm = norm.AsSpan(0, length).ToArray();
    }

    public string Text { get; }

    public int Count { get; private set; }

    /// <summary>What follows the last word.</summary>
    public Gap Tail { get; private set; }

    public ref readonly Token this[int index] => ref _tokens[index];

    /// <summary>What stands after a word: the next one's gap, or the tail.</summary>
    public Gap After(int index) => index + 1 < Count ? _tokens[index + 1].Before : Tail;

    /// <summary>The word in lower case.</summary>
    public ReadOnlySpan<char> Word(int index) => _norm.AsSpan(_tokens[index].NormStart, _tokens[index].NormLength);

    public bool Is(int index, string word) => index >= 0 && index < Count && Word(index).SequenceEqual(word);

    /// <summary>Several words in lower case, a single space between them.</summary>
    public ReadOnlySpan<char> Phrase(int first, int count)
    {
        var start = _tokens[first].NormStart;
        var last = _tokens[first + count - 1];
        return _norm.AsSpan(start, last.NormStart + last.NormLength - start);
    }

    /// <summary>The word as a number; -1 when it is none or too long to be meant as one.</summary>
    public int Number(int index)
    {
        if (index < 0 || index >= Count || _tokens[index] is not { IsNumber: true, Length: <= 8 } token)
        {
            return -1;
        }

        return int.Parse(_norm.AsSpan(token.NormStart, token.NormLength), NumberStyles.None, CultureInfo.InvariantCulture);
    }

    /// <summary>The original text from one word to another, both included, without what surrounds them; what lies beyond the
    /// name's last word is empty.</summary>
    public ReadOnlySpan<char> Raw(int first, int last)
    {
        last = Math.Min(last, Count - 1);
        return first > last ? [] : Text.AsSpan(_tokens[first].Start, _tokens[last].End - _tokens[first].Start);
    }

    /// <summary>The last word of the bracket that a word stands in.</summary>
    public int BracketEnd(int index)
    {
        var group = _tokens[index].Group;
        while (group != 0 && index + 1 < Count && _tokens[index + 1].Group == group)
        {
            index++;
        }

        return index;
    }

    private int Cut(Token[] tokens, char[] normal)
    {
        var gap = Gap.None;
        var depth = 0;
        short group = 0;
        var bracket = '\0';
        var norm = 0;
        for (var i = 0; i < Text.Length;)
        {
            var kind = GapAt(i);
            if (kind != Gap.None)
            {
                gap |= kind;
                if (kind == Gap.Open && depth++ == 0)
                {
                    group++;
                    bracket = Characters.PlainBracket(Text[i]);
                }
                else if (kind == Gap.Close && depth > 0)
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
            var normStart = Count == 0 ? 0 : norm + 1;
            if (Count > 0)
            {
                normal[norm] = ' ';
            }

            norm = normStart;
            int digits = 0;
            for (; i < Text.Length && GapAt(i) == Gap.None && !(i > start && OpensCount(i)); i++)
            {
                var c = Text[i];
                digits += Characters.IsDigit(c) ? 1 : 0;
                normal[norm++] = c < 0x80 ? char.ToLowerInvariant(c) : char.ToLower(c, CultureInfo.InvariantCulture);
            }

            var length = i - start;
            var shape = digits == length ? Shape.Number : digits == 0 ? Shape.Word : Shape.Mixed;
            tokens[Count++] = new Token((ushort)start, (ushort)length, (ushort)normStart, (ushort)(norm - normStart), shape, gap,
                depth > 0 ? bracket : '\0', depth > 0 ? group : (short)0);
            gap = Gap.None;
        }

        Tail = gap;
        return norm;
    }

    // 第2季第05集: nothing stands between a title and what counts it.
    private bool OpensCount(int index) =>
        Text[index] == '第' && index + 1 < Text.Length && (Characters.IsDigit(Text[index + 1]) || "一二三四五六七八九十".Contains(Text[index + 1]));

    private Gap GapAt(int index)
    {
        var c = Text[index];
        return c is '\'' or '\u2019'
            ? index > 0 && index + 1 < Text.Length && char.IsLetter(Text[index - 1]) && char.IsLetter(Text[index + 1]) ? Gap.None : Gap.Other
            : Characters.GapOf(c);
    }
}
