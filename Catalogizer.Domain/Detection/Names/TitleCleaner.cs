using System.Buffers;

namespace Catalogizer.Domain.Detection.Names;

/// <summary>
/// Makes a title from a part of a name: replaces separators with spaces, trims loose punctuation, and picks one script when a name has two.
/// </summary>
internal static class TitleCleaner
{
    private static readonly SearchValues<char> ClosingBrackets = SearchValues.Create("]】)）}」』》");

    /// <summary>Returns null when nothing readable is left.</summary>
    public static string? Clean(ReadOnlySpan<char> raw)
    {
        raw = Trim(raw);
        if (raw.IsEmpty)
        {
            return null;
        }

        var spaced = raw.Contains(' ');
        var underscored = !spaced && raw.Contains('_');
        var max = raw.Length + raw.Length / 4 + 1;
        Span<char> clean = max <= 2 * TokenizedName.MaxLength ? stackalloc char[max] : new char[max];
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            var keepsDot = raw[i] == '.' && (spaced || (underscored && i + 1 < raw.Length && raw[i + 1] == '_') || (!underscored && EndsAcronym(raw, i)));
            var c = keepsDot ? '.' : NormalizeCharacter(raw, i);
            if (keepsDot && !spaced && !underscored && i + 2 < raw.Length && raw[i + 2] != '.')
            {
                clean[length++] = c;
                c = ' ';
            }

            if (c != ' ' || (length > 0 && clean[length - 1] != ' '))
            {
                clean[length++] = c;
            }
        }

        var title = Trim(clean[..length]);
        return title.IsEmpty ? null : title.ToString();
    }

    /// <summary>Like <see cref="Clean"/>, but keeps of "foreign / Latin" or "foreign·Latin" only the Latin part, which people search for.</summary>
    public static string? CleanPreferringLatin(ReadOnlySpan<char> raw)
    {
        raw = Trim(raw);
        if (raw.IsEmpty)
        {
            return null;
        }

        if (raw[0] is '[' or '【')
        {
            raw = FindFirstLatinBracket(raw);
        }

        for (var slash = raw.IndexOf(" / "); slash >= 0; slash = raw.IndexOf(" / "))
        {
            var rest = raw[(slash + 3)..];
            if (!HasLetters(rest))
            {
                raw = raw[..slash];
                break;
            }

            // Two names in Latin letters: the first is the main title.
            if (IsLatin(raw[..slash]))
            {
                raw = raw[..slash];
                break;
            }

            raw = RemoveForeignBracket(rest);
        }

        return Clean(SkipEastAsianPrefix(raw));
    }

    /// <summary>
    /// For names of punctuation alone: returns the name unchanged, but with U+FFFD for invisible characters and lone
    /// surrogates; null if it is empty.
    /// </summary>
    public static string? MakeReadable(string name) => name.Length == 0 ? null : string.Create(name.Length, name, static (to, from) =>
    {
        for (var i = 0; i < to.Length; i++)
        {
            var plain = NormalizeCharacter(from, i);
            to[i] = plain == ' ' && from[i] is not ('.' or '_' or ' ') ? '\ufffd' : plain == ' ' ? from[i] : plain;
        }
    });

    /// <summary>Whether both texts have the same letters and digits in the same order, ignoring case and separators.</summary>
    public static bool HasSameLetters(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var at = 0;
        foreach (var c in one)
        {
            if (!char.IsLetterOrDigit(c))
            {
                continue;
            }

            while (at < other.Length && !char.IsLetterOrDigit(other[at]))
            {
                at++;
            }

            if (at == other.Length || char.ToLowerInvariant(c) != char.ToLowerInvariant(other[at++]))
            {
                return false;
            }
        }

        return other[at..].IndexOfAnyExcept(" ._-") < 0;
    }

    public static bool HasLetters(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsLetter(c))
            {
                return true;
            }
        }

        return false;
    }

    // "S.H.A.D.E": three or more single capitals. The dot after each of them belongs to the acronym.
    private static bool EndsAcronym(ReadOnlySpan<char> raw, int dot)
    {
        if (dot == 0 || !IsSingleCapital(raw, dot - 1))
        {
            return false;
        }

        var run = 1;
        for (var i = dot - 3; i >= 0 && run < 3 && IsSingleCapital(raw, i); i -= 2)
        {
            run++;
        }

        for (var i = dot + 1; i < raw.Length && run < 3 && IsSingleCapital(raw, i); i += 2)
        {
            run++;
        }

        return run >= 3;
    }

    private static bool IsSingleCapital(ReadOnlySpan<char> raw, int i) =>
        char.IsAsciiLetterUpper(raw[i]) && (i == 0 || raw[i - 1] == '.') && (i + 1 == raw.Length || raw[i + 1] == '.');

    private static char NormalizeCharacter(ReadOnlySpan<char> raw, int i)
    {
        var c = raw[i];
        return c switch
        {
            '.' or '_' => ' ',
            _ when char.IsWhiteSpace(c) || char.IsControl(c) || Characters.IsInvisible(c) => ' ',
            _ when char.IsHighSurrogate(c) && (i + 1 == raw.Length || !char.IsLowSurrogate(raw[i + 1])) => '\ufffd',
            _ when char.IsLowSurrogate(c) && (i == 0 || !char.IsHighSurrogate(raw[i - 1])) => '\ufffd',
            _ => c,
        };
    }

    private static ReadOnlySpan<char> Trim(ReadOnlySpan<char> raw)
    {
        while (!raw.IsEmpty && IsTrimmableStart(raw))
        {
            raw = raw[1..];
        }

        while (!raw.IsEmpty && IsTrimmableEnd(raw))
        {
            raw = raw[..^1];
        }

        return raw;
    }

    private static bool IsTrimmableStart(ReadOnlySpan<char> raw)
    {
        var c = raw[0];
        return Characters.GetSeparator(c) switch
        {
            Separator.None or Separator.Hash => false,
            Separator.Open => raw.IndexOfAny(ClosingBrackets) < 0,
            Separator.Other => c is '~' or ':' or '·' or '*' or '=' or '\u2b50',
            _ => true,
        };
    }

    private static bool IsTrimmableEnd(ReadOnlySpan<char> raw)
    {
        var c = raw[^1];
        var separator = Characters.GetSeparator(c);
        return separator switch
        {
            Separator.None => false,
            Separator.Hash => raw.Length > 1 && raw[^2] is ' ' or '.' or '_',
            Separator.Dot when (raw.Contains(' ') && IsInitial(raw)) || (!raw.Contains(' ') && EndsAcronym(raw, raw.Length - 1)) => false,
            Separator.Close => !HasOpeningBracket(raw),
            Separator.Other => c is '~' or ':' or '·' or '=' or '"' or '\u2b50',
            _ => true,
        };
    }

    // "Doe, J.R."
    private static bool IsInitial(ReadOnlySpan<char> raw) =>
        raw.Length > 2 && char.IsUpper(raw[^2]) && raw[^3] is '.' or ' ';

    private static bool HasOpeningBracket(ReadOnlySpan<char> raw)
    {
        var depth = 0;
        foreach (var c in raw)
        {
            var separator = Characters.GetSeparator(c);
            depth += separator == Separator.Open ? 1 : separator == Separator.Close && depth > -1 ? -1 : 0;
        }

        return depth >= 0;
    }

    private static ReadOnlySpan<char> FindFirstLatinBracket(ReadOnlySpan<char> raw)
    {
        var rest = raw;
        while (!rest.IsEmpty && Characters.GetSeparator(rest[0]) == Separator.Open)
        {
            var close = rest.IndexOfAny("]】)");
            var inside = close < 0 ? rest[1..] : rest[1..close];
            rest = close < 0 ? [] : Trim(rest[(close + 1)..]);
            if (inside.IndexOfAnyInRange('A', 'z') >= 0 || rest.IsEmpty)
            {
                return inside.IndexOfAnyInRange('A', 'z') >= 0 || raw.Length > 0 ? inside : raw;
            }
        }

        return rest.IsEmpty ? raw : rest;
    }

    // "Title (Имя Режиссёра)"
    private static ReadOnlySpan<char> RemoveForeignBracket(ReadOnlySpan<char> text)
    {
        var open = text.LastIndexOf(" (");
        return open > 0 && IsLatin(text[..open]) && HasLetters(text[open..]) && text[open..].IndexOf(" / ") < 0 && !HasLatin(text[open..]) ? text[..open] : text;
    }

    private static bool HasLatin(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (Characters.IsLatin(c))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsLatin(ReadOnlySpan<char> text)
    {
        var (latin, letters) = (0, 0);
        foreach (var c in text)
        {
            letters += char.IsLetter(c) ? 1 : 0;
            latin += Characters.IsLatin(c) ? 1 : 0;
        }

        return letters > 0 && latin == letters;
    }

    private static ReadOnlySpan<char> SkipEastAsianPrefix(ReadOnlySpan<char> raw)
    {
        var last = -1;
        for (var i = 0; i < raw.Length; i++)
        {
            last = Characters.IsEastAsian(raw[i]) ? i : last;
        }

        var latin = 0;
        foreach (var c in raw[(last + 1)..])
        {
            latin += Characters.IsLatin(c) ? 1 : 0;
        }

        return last >= 0 && latin >= 6 ? raw[(last + 1)..].TrimStart("！？!?]】）)[【·_ ") : raw;
    }
}
