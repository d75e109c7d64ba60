using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// Gives the words for books and audiobooks back to the titles they stand in: "The Audiobook Thief", "Ein Hörspiel". They are release words only
/// where nothing but such words or a group behind a tight dash follows, "Title EPUB", "Title.PDF.eBook-GROUP", or where they are set off.
/// </summary>
internal sealed class FormatWordReader : IClueReader
{
    public void Read(ParsedName parsed)
    {
        for (var i = parsed.Start + 1; i < parsed.End; i++)
        {
            if (parsed.TermLength(i) > 0 && parsed.TermAt(i) is { Strength: TermStrength.Strong, Kind: TermKind.Book or TermKind.AudioBook } term)
            {
                var last = i + parsed.TermLength(i) - 1;
                if (CanStandInTitle(parsed, i))
                {
                    ReturnToTitle(parsed, term, i, last);
                }

                i = last;
            }
        }
    }

    private static bool CanStandInTitle(ParsedName parsed, int i) => parsed.Name[i].BracketGroup == 0
        && (parsed.Name[i].IsAfterSpacedDash || (IsJoined(parsed.Name, i) && parsed.RoleAt(i - 1) != TokenRole.Year && parsed.TermAt(i - 1) is null or { Strength: TermStrength.Weak }));

    private static void ReturnToTitle(ParsedName parsed, Term term, int first, int last)
    {
        var isEnd = !IsFollowedByWord(parsed, last + 1);
        if (!isEnd || (IsJoined(parsed.Name, first) && IsArticle(parsed.Name.Word(first - 1))))
        {
            // "Ein Hörspiel" still says what it is.
            parsed.TermKinds |= isEnd ? 1UL << (int)term.Kind : 0;
            parsed.SetRole(first, last, TokenRole.None);
        }
    }

    // Whether a word of the title follows, be it behind other release words. The names of programs ("PDF Reader WinAll") have a reader of their own.
    private static bool IsFollowedByWord(ParsedName parsed, int from)
    {
        for (var i = from; i < parsed.End && IsJoined(parsed.Name, i); i++)
        {
            if (parsed.RoleAt(i) == TokenRole.None && !parsed.Name[i].IsNumber)
            {
                return !IsRemark(parsed.Name.Word(i)) && !IsOfProgram(parsed, i + 1);
            }
        }

        return false;
    }

    private static bool IsOfProgram(ParsedName parsed, int from)
    {
        for (var i = from; i < parsed.End; i++)
        {
            if (parsed.TermAt(i) is { Kind: TermKind.Platform or TermKind.Software })
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsJoined(TokenizedName name, int i) =>
        name[i].BracketGroup == 0 && (name[i].SeparatorBefore & ~(Separator.Space | Separator.Dot | Separator.Underscore)) == 0;

    // "Title Audiobook read by …", "Titel Hörspiel Teil 3"
    private static bool IsRemark(ReadOnlySpan<char> word) =>
        word is "by" or "read" or "narrated" or "von" or "gelesen" or "gesprochen" or "mit" or "lu" or "par" or "letto" or "da" or "leído" or "por" or "ungekürzt" or "gekürzt"
            or "teil" or "part" or "partie" or "parte" or "cd" or "disc";

    private static bool IsArticle(ReadOnlySpan<char> word) =>
        TitleEndReader.IsArticle(word) || word is "ein" or "eine" or "un" or "une" or "una" or "um" or "uma" or "il" or "los" or "les" or "een" or "het" or "de" or "en" or "et";
}
