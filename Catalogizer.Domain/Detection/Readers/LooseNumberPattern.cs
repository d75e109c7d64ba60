using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// Numbers that only the name of a video makes episodes: padded with zeros or with a version mark ("Title 013 - Subtitle", "Title_09v2"), an
/// ascending range ("Title 17-20"), and whatever a spaced dash sets off ("Title - 5 - Subtitle", "Title - 17 & 18"). A number without any of these stays in the title.
/// </summary>
internal static class LooseNumberPattern
{
    public static EpisodePatternResult? Find(ParsedName parsed)
    {
        for (var i = parsed.Start + 1; parsed is { IsVideo: true, DateIndex: < 0 } && i < parsed.Name.Count; i++)
        {
            if (parsed.Name[i].BracketGroup == 0 && char.IsAsciiDigit(parsed.Name.Word(i)[0]) && AbsolutePattern.TryReadNumber(parsed, i, out var number)
                && CanFollow(parsed.Name.Word(i - 1)) && AbsolutePattern.CreateResult(parsed, i, number) is var result
                && (IsMarked(parsed, i, result.Last) || IsRange(parsed, result) || IsSetOff(parsed, i, result.Last)))
            {
                return result;
            }
        }

        return null;
    }

    private static bool CanFollow(ReadOnlySpan<char> before) => !FilmWords.IsWord(before)
        && !EpisodeTerms.IsPartOrVolumeWord(before) && before is not ("chapter" or "track" or "scene" or "act");

    private static bool IsMarked(ParsedName parsed, int i, int last)
    {
        var token = parsed.Name[i];
        var isPadded = token is { IsNumber: true, Length: >= 2 and <= 4 } && parsed.Name.Word(i)[0] == '0';
        var isVersion = token.Length > 3 && VersionMark.IsMark(parsed.Name.Word(i)[^2..]);
        if ((!isPadded && !isVersion) || token.IsAfterTightDash || (token.SeparatorBefore == Separator.Dot && parsed.Name[i - 1].IsNumber))
        {
            return false;
        }

        return EndsNumber(parsed, last + 1) || (isPadded && IsPlainWordAfter(parsed, i))
            || (parsed.Name[last + 1].IsAfterSpacedDash && !YearReader.ContainsYear(parsed.Name, last + 1));
    }

    // "Title 013 Subtitle", but not "Agent 007 Returns"; a name with a group in front may hold the episode's own number further on.
    private static bool IsPlainWordAfter(ParsedName parsed, int i) => parsed.LeadingGroup is null && parsed.IsFree(i + 1) && !parsed.Name.Is(i, "007")
        && parsed.Name[i + 1] is { Kind: TokenKind.Word, SeparatorBefore: Separator.Space or Separator.Underscore or Separator.Dot }
        && !YearReader.ContainsYear(parsed.Name, 0);

    // Two digits at least, or from 1 to 10 and beyond: "9-11" is a date or a title.
    private static bool IsRange(ParsedName parsed, EpisodePatternResult result)
    {
        var (name, i) = (parsed.Name, result.First);
        return result is { Episodes.Count: > 1 } && name[i].IsNumber && !name[i].IsAfterTightDash && name[i + 1].IsAfterTightDash && name[result.Last].Length >= 2
            && (name[i].Length >= 2 || result.Episodes[0] == 1) && (EndsNumber(parsed, result.Last + 1) || name[result.Last + 1].IsAfterSpacedDash);
    }

    private static bool IsSetOff(ParsedName parsed, int i, int last) => parsed.Name[i] is { IsNumber: true, Length: <= 4, IsAfterSpacedDash: true }
        && (EndsNumber(parsed, last + 1) || parsed.Name[last + 1].IsAfterSpacedDash) && !YearReader.ContainsYear(parsed.Name, i);

    // The end of the name, tags, release words, or a version mark in front of them.
    private static bool EndsNumber(ParsedName parsed, int next) => VersionMark.EndsName(parsed, next)
        || (VersionMark.IsMark(parsed.Name.Word(next)) && (VersionMark.EndsName(parsed, next + 1) || parsed.Name[next + 1].IsAfterSpacedDash));
}
