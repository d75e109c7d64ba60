using System.Collections.Frozen;
using static Catalogizer.Domain.Detection.Terms.TermStrength;
using static Catalogizer.Domain.Detection.Terms.TermKind;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>Consoles and other platforms, and the release groups and shops whose name marks a game.</summary>
internal static class GameTerms
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ReleaseGroups =
        WordSet.Create("codex|skidrow|reloaded|plaza|cpy|razor1911|razordox|hoodlum|tinyiso|empress|rune|tenoke|darksiders|simplex|venom|fitgirl|dodi|elamigos|doge|chronos|prophet|postmortem|outlaws|unleashed|vitality|fairlight|flt|deviance|myth|paradigm|tdu jam|bigblueboxx|bbb|wiileet|wiierd|playable|duplex|antidote|blastcity|suxxors|bigbluebox|activated|caravan|dinobytes|0xdeadcode|goldberg|kaos|ali213|3dm|ali|haze|anomaly|hi2u|theta|sirius|genesis|rld|rituel|lightforce|trsi|abstrakt|imars|dynamics|complex|paradox|eclipse|kudos|marvel|zrtd|xpa|allstars|swag|dagger|hre|glams|besiege|jaguar|augety|fasdox|tetris|suxxor|nrp|contrast|bigbang|lfc|inlaws|i_know|hi2u|p2p-game", StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a group or shop releases only games.</summary>
    public static bool IsGameReleaseGroup(ReadOnlySpan<char> group) => ReleaseGroups.Contains(group);

    public static void AddTo(TermTable table) => table
        .Add(Platform, "Switch", Strong, "nsw|nintendo switch").Add(Platform, "Switch", Weak, "switch|nsp|xci")
        .Add(Platform, "PlayStation", Strong, "psx").Add(Platform, "PlayStation", Weak, "ps1")
        .Add(Platform, "PlayStation 2", Strong, "ps2|ps2dvd|ps2cd|playstation 2").Add(Platform, "PlayStation 3", Strong, "ps3|playstation 3")
        .Add(Platform, "PlayStation 4", Strong, "ps4|playstation 4").Add(Platform, "PlayStation 5", Strong, "ps5|playstation 5")
        .Add(Platform, "PSP", Strong, "psp|pspgo").Add(Platform, "PlayStation Vita", Strong, "psvita|ps vita|psv")
        .Add(Platform, "Xbox 360", Strong, "xbox360|xbox 360|x360").Add(Platform, "Xbox One", Strong, "xboxone|xbox one|xb1").Add(Platform, "Xbox", Strong, "xbox|xboxdvd")
        .Add(Platform, "Wii U", Strong, "wiiu|wii u").Add(Platform, "Wii", Strong, "wii|wiiware|wii vc")
        .Add(Platform, "GameCube", Strong, "ngc|gamecube|gcn").Add(Platform, "Nintendo 3DS", Strong, "3ds|n3ds|new3ds").Add(Platform, "Nintendo DS", Strong, "nds|ndsi")
        .Add(Platform, "Game Boy Advance", Strong, "gba").Add(Platform, "Nintendo 64", Strong, "n64")
        .Add(Platform, "Dreamcast", Weak, "dreamcast|dc iso").Add(Platform, "Saturn", Weak, "saturn")
        .Add(Platform, "Windows", Medium, "windows|win32|win64|win10|win11|winall|winnt2k|win9x|winnt|winxp|win9xnt2k|win2k|x64 windows|win")
        .Add(Platform, "macOS", Strong, "macos|macosx|mac os x|mac osx|osx|mac os|macosx64").Add(Platform, "macOS", Weak, "mac")
        .Add(Platform, "Linux", Medium, "linux|ubuntu").Add(Platform, "Android", Weak, "android").Add(Platform, "iOS", Weak, "ios|ipad|iphone")
        .Add(Platform, "Symbian", Strong, "symbian|symbianos|s60|s60v3").Add(Platform, "N-Gage", Strong, "ngage").Add(Platform, "Pocket PC", Strong, "ppc|pocketpc|wm5|palmos")
        .Add(Game, "", Strong, "gog|goty|game of the year|goty edition|multi2|multi3|multi4|multi5|multi6|multi7|multi8|multi9|multi10|multi11|multi12|multi13|multi14|multi15|crackfix|nodvd|no cd|eshop|dlc|rf|usa ps2|jtag|rgh|rogue repack|update v1|plus 5 trainer|early access|season pass|cracked game|vr game")
        .Add(Game, "", Medium, "unlocker|trainer").Add(Game, "", Weak, "jpn|usa|eur|ntsc u|ntsc j|patch|update|addon|clone|working|rip game|ps|hotfix");
}
