using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>The disc in the name of an album: "Album (Disc 2)", "Album [CD2]", "Album - CD 2 of 3".</summary>
internal static class AlbumDisc
{
    /// <summary>Finds the number and the first word of the disc; false when the name has none.</summary>
    public static bool TryFind(ParsedName parsed, out int first, out int disc)
    {
        var name = parsed.Name;
        disc = 0;
        for (first = parsed.Start + 1; first < name.Count; first++)
        {
            if (TryReadAt(name, first, out disc, out var last) && EndsDisc(parsed, last + 1))
            {
                return true;
            }
        }

        first = name.Count;
        return false;
    }

    private static bool TryReadAt(TokenizedName name, int i, out int disc, out int last)
    {
        var word = name.Word(i);
        last = i;
        if (IsDiscWord(word) || (IsDiscWordSetApart(word) && (name[i].SeparatorBefore & (Separator.Open | Separator.Dash | Separator.Comma)) != 0))
        {
            last = i + 1;
            disc = name.Number(last) is > 0 and < 100 and var number ? number : last < name.Count ? ParseNumeral(name.Word(last)) : 0;
            return disc > 0;
        }

        var stem = word.StartsWith("cd") ? 2 : word.StartsWith("disc") || word.StartsWith("disk") || word.StartsWith("диск") ? 4 : 0;
        var digits = new DigitScanner(word[stem..]);
        disc = 0;
        return stem > 0 && stem < word.Length && digits.TryRead(2, out disc) && digits.IsAtEnd && disc > 0;
    }

    private static bool IsDiscWord(ReadOnlySpan<char> word) => word is "cd" or "disc" or "disk" or "диск";

    // Elsewhere these are words of titles: "Italo Disco 2".
    private static bool IsDiscWordSetApart(ReadOnlySpan<char> word) =>
        word is "disco" or "disque" or "dvd" or "lp" or "vinyl" or "dysk" or "płyta" or "schijf" or "platte" or "skiva" or "levy";

    private static int ParseNumeral(ReadOnlySpan<char> word) =>
        word switch { "one" or "i" => 1, "two" or "ii" => 2, "three" or "iii" => 3, "four" or "iv" => 4, _ => 0 };

    // Behind the number, and its "of 3", the name or the bracket ends, or something else starts.
    private static bool EndsDisc(ParsedName parsed, int next)
    {
        var name = parsed.Name;
        if (next + 1 < name.Count && name.Word(next) is "of" or "von" or "de" or "di" or "из" && name.Number(next + 1) > 0)
        {
            next += 2;
        }

        return next >= name.Count || parsed.RoleAt(next) == TokenRole.Year
            || (name[next].SeparatorBefore & (Separator.Open | Separator.Close | Separator.Dash | Separator.Comma | Separator.Other)) != 0;
    }
}
