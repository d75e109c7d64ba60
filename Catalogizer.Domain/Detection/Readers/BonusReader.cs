using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// Bonus material that words or numbers of its own mark: "[NCOP1]", "- PV 2", "[BD Menu]", and "-x01-" of a film or season. What follows the mark
/// belongs to neither title nor episode. Also the number of a film within its series, "-f04-", behind which the film's own title starts.
/// </summary>
internal sealed class BonusReader : IClueReader
{
    public void Read(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = parsed.Start; parsed.IsVideo && i < parsed.End; i++)
        {
            if (IsFilmNumber(parsed, i))
            {
                // Not noise, because a year in there is of another film.
                parsed.SetRole(parsed.Start, i, TokenRole.Part);
                parsed.Start = i + 1;
            }
            else if (IsBonusNumber(parsed, i))
            {
                Record(parsed, i, i, null);
                return;
            }
            else if (TryReadMark(parsed, i, out var last, out var extra) && !IsInEpisode(parsed, i))
            {
                parsed.IsSeriesBonus = extra == "other" || name.Word(i).StartsWith("pv");
                Record(parsed, i, last, extra);
                return;
            }
        }
    }

    // "Captain_Merrow-f04-The_Glass_Reef"
    private static bool IsFilmNumber(ParsedName parsed, int i) => i > parsed.Start && i + 1 < parsed.End && IsDashedNumber(parsed, i, 'f')
        && IsAfterDash(parsed.Name, i + 1) && parsed.IsClaimable(i + 1) && !parsed.Name[i + 1].IsNumber && !IsDashedNumber(parsed, i + 1, 'x');

    // "-x01-", but not the second episode of "1x03-x04" and of "S01E03-x04".
    private static bool IsBonusNumber(ParsedName parsed, int i) => i > parsed.Start && IsDashedNumber(parsed, i, 'x')
        && (i + 1 >= parsed.End || IsAfterDash(parsed.Name, i + 1) || (parsed.Name[i + 1].SeparatorBefore & Separator.Open) != 0)
        && !(parsed.Name[i - 1].Kind == TokenKind.Mixed && IsEpisodeNumber(parsed.Name.Word(i - 1)));

    private static bool IsEpisodeNumber(ReadOnlySpan<char> word) => word[0] == 's' ? word.Contains('e') : word.Contains('x');

    private static bool IsDashedNumber(ParsedName parsed, int i, char letter) => parsed.Name[i].Length == 3 && parsed.IsFree(i) && IsAfterDash(parsed.Name, i)
        && parsed.Name.Word(i) is [var first, >= '0' and <= '9', >= '0' and <= '9'] && first == letter;

    private static bool IsAfterDash(TokenizedName name, int i) => (name[i].SeparatorBefore & Separator.Dash) != 0;

    private static bool TryReadMark(ParsedName parsed, int i, out int last, out string extra)
    {
        var name = parsed.Name;
        last = i;
        extra = "other";
        if (!parsed.IsClaimable(i))
        {
            return false;
        }

        if (BonusWords.IsCreditless(name.Word(i)) && i + 1 < parsed.End && BonusWords.IsOpeningOrEnding(name.Word(i + 1)))
        {
            last = SkipNumber(parsed, i + 1);
            return name.Word(i) is not "clean" || (i > parsed.Start && EndsName(parsed, last));
        }

        var mark = BonusWords.Read(name.Word(i), out extra, out var isNumbered);
        if (mark == BonusMark.None)
        {
            return false;
        }

        last = isNumbered ? i : SkipNumber(parsed, i);
        var isWholeName = i == parsed.Start && last + 1 == parsed.End && (isNumbered || last > i);
        return mark == BonusMark.Certain || isWholeName || IsAloneInBracket(name, i, ref last) || (i > parsed.Start && IsSetOff(parsed, i, ref last));
    }

    // "NCOP 02": the number belongs to the mark.
    private static int SkipNumber(ParsedName parsed, int i) => i + 1 < parsed.End && parsed.Name[i + 1] is { IsNumber: true, Length: <= 2, IsAfterSpacedDash: false }
        && (parsed.Name[i + 1].SeparatorBefore & (Separator.Open | Separator.Close)) == 0 ? i + 1 : i;

    // "[Menu]", "[PV 2]", "(TV CM 3)"
    private static bool IsAloneInBracket(TokenizedName name, int i, ref int last)
    {
        var group = name[i].BracketGroup;
        if (group == 0)
        {
            return false;
        }

        for (var k = i - 1; k >= 0 && name[k].BracketGroup == group; k--)
        {
            if (!BonusWords.IsCompanion(name.Word(k)))
            {
                return false;
            }
        }

        last = name.FindBracketEnd(i);
        for (var k = i + 1; k <= last; k++)
        {
            if (!BonusWords.IsCompanion(name.Word(k)) && BonusWords.Read(name.Word(k), out _, out _) == BonusMark.None)
            {
                return false;
            }
        }

        return true;
    }

    // "- PV1", "- OP", "- Menu Disc 2", and "[Group] Title ED2 [1080p]": a short word counts only in capitals or with a number.
    private static bool IsSetOff(ParsedName parsed, int i, ref int last)
    {
        var name = parsed.Name;
        var raw = name.RawText(i, i);
        var isCapital = raw.IndexOfAnyInRange('a', 'z') < 0;
        var isNumbered = last > i || char.IsAsciiDigit(raw[^1]);
        while (last + 1 < parsed.End && name[last + 1].BracketGroup == 0 && !name[last + 1].IsAfterSpacedDash && BonusWords.IsCompanion(name.Word(last + 1)))
        {
            last++;
        }

        var isGrouped = parsed.LeadingGroup is not null;
        var isWord = raw.Length == 2 ? isCapital : isGrouped || (name.Word(i) is "menu" && last + 1 >= parsed.End);

        // "05 - Menu" is the title of episode 5.
        isWord &= i - 1 > parsed.Start || !name[i - 1].IsNumber;
        return EndsName(parsed, last) && (isNumbered || (isWord && (name[i].IsAfterSpacedDash || raw.Length == 2)))
            && (name[i].IsAfterSpacedDash || (isGrouped && isCapital));
    }

    private static bool EndsName(ParsedName parsed, int last) => last + 1 >= parsed.End || (parsed.Name[last + 1].SeparatorBefore & (Separator.Open | Separator.Close)) != 0
        || parsed.TermAt(last + 1) is { Strength: TermStrength.Strong } || (parsed.Name[last + 1].IsAfterSpacedDash && !parsed.Name[last + 1].IsNumber);

    // "S00E03 - NCOP2" is a special, and "S01E02 - Ed" an episode's title.
    private static bool IsInEpisode(ParsedName parsed, int mark)
    {
        var episode = SeasonEpisodePattern.Find(parsed) ?? CrossPattern.Find(parsed);
        return episode is not null && (episode.Season == 0 || BonusWords.Read(parsed.Name.Word(mark), out _, out _) != BonusMark.Certain);
    }

    private static void Record(ParsedName parsed, int first, int last, string? extra)
    {
        var name = parsed.Name;
        var end = FindWordsEnd(parsed, last);
        extra ??= BonusWords.FindKind(name, first + 1, end - 1) ?? "other";
        parsed.AddClue("extra", extra, 0.9, "bonus material", first, last);
        parsed.Fields.Extra ??= extra;
        parsed.BonusIndex = first;

        parsed.SetRole(first, Math.Max(last, end - 1), TokenRole.Noise);
        parsed.Start = first == parsed.Start ? end : parsed.Start;

        // "[Group] Title - 03 [NCED]", "Title-f04-x02": the episode or film that it was made for.
        for (var i = first - 1; i > parsed.Start; i--)
        {
            if (name[i] is { IsAfterSpacedDash: true, IsNumber: true, Length: 2 or 3 } || (i == first - 1 && IsDashedNumber(parsed, i, 'f')))
            {
                parsed.SetRole(i, i, TokenRole.Noise);
            }
        }
    }

    // Index after the words behind the mark: they end at a bracket or at the release words.
    private static int FindWordsEnd(ParsedName parsed, int last)
    {
        var end = last + 1;
        while (end < parsed.End && (parsed.Name[end].SeparatorBefore & (Separator.Open | Separator.Close)) == 0 && parsed.TermAt(end) is not { Strength: TermStrength.Strong })
        {
            end++;
        }

        while (end > last + 1 && end < parsed.End && parsed.RoleAt(end) == TokenRole.Term && parsed.RoleAt(end - 1) == TokenRole.Term)
        {
            end--;
        }

        return end;
    }
}
