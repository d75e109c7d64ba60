using System.Globalization;
using System.Text;

namespace Catalogizer.Web.Components.Ui;

/// <summary>Makes names from disks safe to show: characters that could hide or reorder others are spelled out.</summary>
public static class DisplayName
{
    public static string From(string name)
    {
        if (!name.Any(NeedsEscaping))
        {
            return name;
        }

        var shown = new StringBuilder(name.Length + 16);
        foreach (var rune in name.EnumerateRunes())
        {
            if (IsHidden(rune))
            {
                shown.Append(CultureInfo.InvariantCulture, $"‹U+{rune.Value:X4}›");
            }
            else
            {
                shown.Append(rune);
            }
        }

        return shown.ToString();
    }

    private static bool NeedsEscaping(char letter) => char.IsSurrogate(letter) || IsHidden(new Rune(letter));

    /// <summary>Format and control characters, except the two joiners that ordinary text and emoji need.</summary>
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D),
        _ => false,
    };
}
