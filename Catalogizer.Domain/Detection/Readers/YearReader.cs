using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// The year of an item: one in brackets first, otherwise the last plausible one. The first word of a name belongs to the title, and a year after
/// an episode number to the episode.
/// </summary>
internal sealed class YearReader : IClueReader
{
    public const int MinYear = 1900;
    public const int MinBracketedYear = 1700;
    public const int MaxYear = 2035;

    public void Read(ParsedName parsed)
    {
        var name = parsed.Name;
        var limit = parsed.Episode?.First ?? (parsed.DateIndex >= 0 ? parsed.DateIndex : parsed.End);
        var at = Find(parsed, limit);
        if (at < 0 && parsed.Episode is { Pattern: var pattern } && pattern != NamedPattern.SeasonEpisode && pattern != NamedPattern.Cross)
        {
            at = Find(parsed, parsed.End);
        }

        if (at < 0 && parsed.Episode is not null)
        {
            at = FindBracketedAfterEpisode(parsed);
        }

        if (at >= 0)
        {
            parsed.YearIndex = at;
            parsed.Start = at == parsed.Start ? SkipPeople(parsed, at + 1) : parsed.Start;
            parsed.Fields.Is3D |= at > 0 && name.Is(at - 1, "3d");
            parsed.Fields.Year = name.Number(at);
            parsed.SetRole(at, parsed.IsYearSpan ? at + 1 : at, TokenRole.Year);
            AddOtherYears(parsed, at);
            parsed.AddClue("year", name.Number(at), IsAloneInBracket(name, at) ? 0.95 : 0.85, "year", at, at);
        }
    }

    private static int Find(ParsedName parsed, int limit)
    {
        var name = parsed.Name;
        var plain = -1;
        for (var i = 0; i < limit; i++)
        {
            if (parsed.RoleAt(i) is not (TokenRole.None or TokenRole.Noise) || ParseYear(name, i) is not { } year)
            {
                continue;
            }

            if (i + 1 < limit && i > parsed.Start && (name[i + 1].SeparatorBefore & Separator.Dash) != 0 && ParseYear(name, i + 1) > year && IsSpan(parsed, i))
            {
                parsed.IsYearSpan = true;
                return i;
            }

            if (IsAloneInBracket(name, i) && (i > parsed.Start || parsed.Start > 0 || (limit > 1 && !EndsWithYear(name, limit))))
            {
                return i;
            }

            if (year >= MinYear && i > parsed.Start && parsed.RoleAt(i) == TokenRole.None)
            {
                plain = i;
            }
        }

        // "1977 - Title": a leading year set off by a dash, as used to sort film series.
        return plain < 0 && limit > parsed.Start + 1 && name[parsed.Start + 1].IsAfterSpacedDash && parsed.IsFree(parsed.Start)
            && ParseYear(name, parsed.Start) is not null && parsed.Episode is null
            ? parsed.Start
            : plain;
    }

    // "(1999-2005)"; without a bracket only where a collection or release words surround it: "Title Trilogy 1999-2005 1080p".
    private static bool IsSpan(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        return name[i].BracketGroup != 0
            ? (name[i].SeparatorBefore & Separator.Open) != 0 && (name.SeparatorAfter(i + 1) & Separator.Close) != 0
            : name[i + 1].BracketGroup == 0 && (parsed.RoleAt(i - 1) == TokenRole.Noise || CollectionWords.IsCollectionWord(name.Word(i - 1))
                || (i + 2 < name.Count && (CollectionWords.IsCollectionWord(name.Word(i + 2)) || name.Is(i + 2, "complete")))
                || (name[i + 1].IsAfterTightDash && i + 2 < name.Count && parsed.TermAt(i + 2) is { Strength: TermStrength.Strong, Kind: TermKind.Resolution or TermKind.Source }));
    }

    // "(1984) Title (2010)": a number in front belongs to the title when the year is at the end.
    private static bool EndsWithYear(TokenizedName name, int limit) =>
        limit > 2 && name[limit - 1].Bracket == '(' && IsAloneInBracket(name, limit - 1) && ParseYear(name, limit - 1) is not null;

    // "2009 - Family, Given & Family, Given - Title"
    private static int SkipPeople(ParsedName parsed, int first)
    {
        var name = parsed.Name;
        if (first >= parsed.End || !name[first].IsAfterSpacedDash)
        {
            return first;
        }

        var title = first + 1;
        while (title < parsed.End && !name[title].IsAfterSpacedDash)
        {
            title++;
        }

        return title < parsed.End && parsed.IsClaimable(title) && PersonNames.AreFamilyAndGiven(name.RawText(first, title - 1)) ? title : first;
    }

    private static int FindBracketedAfterEpisode(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Episode!.Last + 1; i < parsed.End; i++)
        {
            if (parsed.IsFree(i) && ParseYear(name, i) is not null && name[i].BracketGroup != 0 && (name[i].SeparatorBefore & Separator.Open) != 0)
            {
                return i;
            }
        }

        return -1;
    }

    // Other plausible years become clues that lost.
    private static void AddOtherYears(ParsedName parsed, int at)
    {
        for (var i = 0; parsed.Clues is not null && i < parsed.End; i++)
        {
            if (i != at && parsed.IsFree(i) && ParseYear(parsed.Name, i) is { } other)
            {
                parsed.AddClue("year", other, i < at ? 0.4 : 0.5, "plausible year", i, i);
            }
        }
    }

    private static bool IsAloneInBracket(TokenizedName name, int i) =>
        name[i].BracketGroup != 0 && (name[i].SeparatorBefore & Separator.Open) != 0 && (name.SeparatorAfter(i) & Separator.Close) != 0;

    /// <summary>Whether any word from <paramref name="from"/> on can be a year.</summary>
    public static bool ContainsYear(TokenizedName name, int from)
    {
        for (var i = from; i < name.Count; i++)
        {
            if (ParseYear(name, i) is not null)
            {
                return true;
            }
        }

        return false;
    }

    public static int? ParseYear(TokenizedName name, int i)
    {
        var number = name[i].Length == 4 ? name.Number(i) : -1;
        var first = name[i].BracketGroup != 0 ? MinBracketedYear : MinYear;
        return number >= first && number <= MaxYear ? number : null;
    }
}
