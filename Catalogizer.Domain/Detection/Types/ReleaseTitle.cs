using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>The title at the start of a release name, and the episode title after the episode number.</summary>
internal static class ReleaseTitle
{
    public static string? From(ParsedName parsed) => From(parsed, parsed.TitleEnd);

    /// <summary>The title of a film or series, without the words of a collection: "Title" of "Title Trilogy 1999-2005".</summary>
    public static string? FromVideo(ParsedName parsed) => From(parsed, CollectionTitle.FindEnd(parsed));

    private static string? From(ParsedName parsed, int end)
    {
        var name = parsed.Name;
        if (name.Count == 0)
        {
            return TitleCleaner.Clean(name.Text) ?? TitleCleaner.MakeReadable(name.Text);
        }

        if (parsed.Episode is { TitlePrefixLength: > 0 } glued && end == glued.First)
        {
            return TitleCleaner.CleanPreferringLatin(name.Text.AsSpan(name[parsed.Start].Start, name[end].Start + glued.TitlePrefixLength - name[parsed.Start].Start));
        }

        if (end <= parsed.Start)
        {
            return null;
        }

        end = LanguageTail.FindStart(name, parsed.Start, FindAlias(name, parsed.Start, end));

        // Characters around the words may belong to the title ("[noise]", "#Title"), brackets of the next tag do not.
        var from = parsed.Start == 0 ? 0 : name[parsed.Start].Start - CountOpeningBefore(name, parsed.Start);
        var to = end < name.Count ? name[end].Start : name.Text.Length;
        var raw = name.Text.AsSpan(from, to - from);
        return raw.Length == name.Text.Length && raw[0] == '[' ? TitleCleaner.Clean(raw) : TitleCleaner.CleanPreferringLatin(raw);
    }

    public static string? FromEpisode(ParsedName parsed)
    {
        var name = parsed.Name;
        var from = Math.Max(parsed.Episode?.Last ?? -1, parsed.DateEndIndex) + 1;
        if (from <= 0 || (parsed.DateEndIndex >= 0 && parsed.Start > parsed.DateEndIndex) || parsed is { Episode: { Episodes: null }, DateIndex: < 0 })
        {
            return null;
        }

        while (from < parsed.End && parsed.RoleAt(from) is TokenRole.Part or TokenRole.Noise)
        {
            from++;
        }

        var to = from;
        while (to < parsed.End && to != parsed.GroupIndex && IsPartOfTitle(parsed, to, from))
        {
            to++;
        }

        to = LanguageTail.IsAll(name, from, to) ? from : LanguageTail.FindStart(name, from, to);

        // A number alone is an episode title only when it is set off: "S01E02 - 7".
        return to <= from || !(TitleCleaner.HasLetters(name.RawText(from, to - 1)) || (name[from].IsAfterSpacedDash && to >= parsed.End)) ? null : TitleCleaner.Clean(name.RawText(from, to - 1));
    }

    private static bool IsPartOfTitle(ParsedName parsed, int i, int from)
    {
        if ((parsed.Name[i].SeparatorBefore & (Separator.Open | Separator.Close)) != 0 && (i > from || parsed.RoleAt(i) != TokenRole.None || (parsed.Name[i].SeparatorBefore & Separator.Open) != 0))
        {
            return false;
        }

        return parsed.RoleAt(i) switch
        {
            TokenRole.None => true,
            TokenRole.Term => parsed.TermAt(i)!.Strength != TermStrength.Strong && (!PrecedesStrongTerm(parsed, i) || (i > from && TitleEndReader.IsConnectingWord(parsed.Name.Word(i - 1)))),
            _ => false,
        };
    }

    private static bool PrecedesStrongTerm(ParsedName parsed, int i)
    {
        while (i < parsed.End && parsed.RoleAt(i) == TokenRole.Term && parsed.TermAt(i)!.Strength != TermStrength.Strong)
        {
            if (parsed.TermAt(i)!.Strength == TermStrength.Weak && TitleEndReader.IsTitleWord(parsed, i, parsed.TermAt(i)!))
            {
                return false;
            }

            i++;
        }

        return i >= parsed.End || parsed.RoleAt(i) != TokenRole.None || (parsed.Name[i].SeparatorBefore & Separator.Open) != 0;
    }

    // "Title AKA Other Title", "Title a.k.a. Other": the first is the main title.
    private static int FindAlias(TokenizedName name, int start, int end)
    {
        for (var i = start + 1; i + 1 < end; i++)
        {
            if (name.Is(i, "aka") || (name.Is(i, "a") && i + 3 < end && name.Is(i + 1, "k") && name.Is(i + 2, "a") && name[i + 1].SeparatorBefore == Separator.Dot))
            {
                return i;
            }
        }

        return end;
    }

    private static int CountOpeningBefore(TokenizedName name, int index)
    {
        var before = name[index].Start - 1;
        return before >= 0 && Characters.GetSeparator(name.Text[before]) is Separator.Open or Separator.Hash ? 1 : 0;
    }
}
