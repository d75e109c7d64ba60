using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>
/// Removes from the end of a name what reposters add behind the release group, one after the other: "-GROUP-xpost[site.example]". The group itself
/// and the words of a title are never removed.
/// </summary>
internal sealed class RepostReader : IClueReader
{
    public void Read(ParsedName parsed)
    {
        for (var length = MeasureNoise(parsed); length > 0; length = MeasureNoise(parsed))
        {
            parsed.SetRole(parsed.End - length, parsed.End - 1, TokenRole.Noise);
            parsed.End -= length;
        }
    }

    private static int MeasureNoise(ParsedName parsed) => parsed.End <= parsed.Start + 1 ? 0
        : parsed.Name[parsed.End - 1].BracketGroup != 0 ? MeasureBracket(parsed) : MeasureMark(parsed);

    // [site.example], {site}, [REPOST]
    private static int MeasureBracket(ParsedName parsed)
    {
        var name = parsed.Name;
        var last = parsed.End - 1;
        var first = name.FindBracketFirst(last);

        var isNoise = first > parsed.Start && (SiteAddress.IsAddress(name, first, last)
            || (first == last && parsed.IsClaimable(first) && (IsMark(name.Word(first)) || IsInBraces(name[first])) && HasReleaseWord(parsed)));
        return isNoise ? last - first + 1 : 0;
    }

    private static bool IsInBraces(Token token) => token is { Bracket: '{', Kind: TokenKind.Word };

    // "-xpost", "_nzb", ".re-enc", "-site.com"
    private static int MeasureMark(ParsedName parsed)
    {
        var name = parsed.Name;
        var last = parsed.End - 1;
        var word = name.Word(last);
        var length = name.Is(last - 1, "re") && word is "enc" or "encode" or "encoded" or "post" or "posted" or "up" or "upload"
            || SiteAddress.IsCertainAddress(name, Math.Max(last - 1, 0), last) ? 2 : 1;
        if (!parsed.IsClaimable(last) || last + 1 - length <= parsed.Start || name[last + 1 - length].BracketGroup != 0)
        {
            return 0;
        }

        var before = name[last + 1 - length].SeparatorBefore;
        var isSetOff = before == Separator.Dash || (before & Separator.Close) != 0;
        var isNoise = length == 2 || IsMark(word) ? isSetOff || before is Separator.Dot or Separator.Underscore || FollowsGroup(parsed, last)
            : IsAmbiguousMark(word) ? isSetOff || FollowsGroup(parsed, last)
            : IsShortMark(word) && before == Separator.Dash && FollowsGroup(parsed, last);
        return isNoise && (HasReleaseWord(parsed) || (before == Separator.Dash && name[last - length].IsAfterTightDash)) ? length : 0;
    }

    private static bool IsMark(ReadOnlySpan<char> word) => word is "xpost" or "postbot" or "asrequested" or "alternativetorequested" or "buymore" or "nzb" or "nzbgeek"
        or "repost" or "reposted" or "repackpost" or "reenc" or "reencode" or "reencoded" or "reup" or "reupload" or "reuploaded"
        or "gerov" or "z0ids3n" or "chamele0n" or "whiterev" or "4planet" or "altezachen" or "newz" or "usenet" || word.StartsWith("rakuv");

    // Words of titles, too.
    private static bool IsAmbiguousMark(ReadOnlySpan<char> word) => word is "obfuscated" or "obfuscation" or "scrambled" or "crypted" or "encrypted" or "hashed" or "posted" or "requested" or "req" or "reposting";

    // Said of reposts only behind a group.
    private static bool IsShortMark(ReadOnlySpan<char> word) => word is "rp" or "pre" or "4p" or "1";

    // "x264-GROUP-RP"
    private static bool FollowsGroup(ParsedName parsed, int last) =>
        last - 2 > parsed.Start && parsed.IsFree(last - 1) && parsed.Name[last - 1].IsAfterTightDash && parsed.RoleAt(last - 2) == TokenRole.Term;

    private static bool HasReleaseWord(ParsedName parsed)
    {
        for (var i = parsed.Start + 1; i < parsed.End; i++)
        {
            if (parsed.TermAt(i) is { Strength: not TermStrength.Weak } || parsed.RoleAt(i) is TokenRole.Episode or TokenRole.Season or TokenRole.Date)
            {
                return true;
            }
        }

        return false;
    }
}
