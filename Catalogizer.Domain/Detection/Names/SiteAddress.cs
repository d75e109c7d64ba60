using System.Collections.Frozen;

namespace Catalogizer.Domain.Detection.Names;

/// <summary>Site addresses without "www": "example.org".</summary>
internal static class SiteAddress
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> LongDomains =
        ("com|net|org|info|biz|xyz|site|online|club|app|top|one|live|zone|team|space|vip|pro|link|fun|moe|ink|wtf|lol|cloud|store|tech|digital|stream|download|movie|movies|film|world|life|mobi|name|tube|ninja|rocks|click|art|bar|icu|run|cyou|buzz|email|video")
            .Split('|').ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the words are an address in any domain, and not a release group's name. Only safe for all the words of a bracket: "Dr.No" would be one.</summary>
    public static bool IsAddress(TokenizedName name, int first, int last) =>
        HasFormOfAddress(name, first, last) && (name.Word(last).Length == 2 || LongDomains.Contains(name.Word(last))) && name.Word(first) is not ("yts" or "yify");

    /// <summary>Whether the words are an address in a domain that is no word of titles.</summary>
    public static bool IsCertainAddress(TokenizedName name, int first, int last) =>
        HasFormOfAddress(name, first, last) && name.Word(last) is "com" or "net" or "org" or "info" or "biz";

    private static bool HasFormOfAddress(TokenizedName name, int first, int last)
    {
        if (last <= first || last - first > 3 || name[last] is not { SeparatorBefore: Separator.Dot, Kind: TokenKind.Word } || name[last - 1].Length < 2)
        {
            return false;
        }

        for (var i = first + 1; i < last; i++)
        {
            if (name[i].SeparatorBefore is not (Separator.Dot or Separator.Dash))
            {
                return false;
            }
        }

        return true;
    }
}
