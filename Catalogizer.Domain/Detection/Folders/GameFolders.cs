using System.Collections.Frozen;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Detection.Types;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>
/// The folder that a game is installed in: "steamapps/common/Iron Fox", "Games/PC/Iron Fox". Everything below it is part of the game, whatever
/// the folders in it are called ("music", "movies", "tools").
/// </summary>
public static class GameFolders
{
    private const string SteamLibrary = "steamapps/common/";

    // Folders between a library and its games: genres, states, shops.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Categories = WordSet.Create(
        "action|adventure|action adventure|action-adventure|arcade|rpg|rpgs|jrpg|strategy|rts|mmo|mmorpg"
        + "|simulation|simulations|simulators|simulator|sport|sports|racing|puzzle|puzzles|shooter|shooters|fps"
        + "|platformer|platformers|fighting|horror|casual|kids|family|indie|indies|classic|classics|retro|emulation|multiplayer|singleplayer|single player|coop|co-op|vr"
        + "|abenteuer|strategie|rennspiele|sportspiele"
        + "|installed|installer|installers|setup|setups|old|finished|completed|backlog|played|unplayed|favorites|favourites|demo|demos"
        + "|beta|betas|collection|collections|all|repacks|portable|dlc|dlcs"
        + "|android|ios|mobile|web|flash|steamlibrary|steamapps|program files|program files (x86)"
        + "|epic|origin|uplay|ubisoft|amazon|itch|itch.io|humble|consoles|handhelds|nintendo|sega|sony|microsoft|atari", StringComparer.OrdinalIgnoreCase);

    // Folders beside the games of a library. What they hold is about games, but no part of one.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ExtraFolders = WordSet.Create(
        "video|videos|movies|trailers|clips|gameplay|recordings|replays|captures|streams|lets plays|let's plays|letsplays"
        + "|walkthroughs|longplays|speedruns|ost|osts|soundtrack|music|wallpapers|artwork|covers"
        + "|boxart|manuals|guides|docs|saves|savegames|save games|saved games|userdata"
        + "|mods|cheats|trainers|patches|emulators|tools|bios|goodies|extras|extra|bonus|bonus content|manual|updates|fixes|crack|nocd", StringComparer.OrdinalIgnoreCase);

    // Below "roms", these shelves hold a folder for each game rather than a file.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> ComputerRoms = WordSet.Create("dos|pc|windows|scummvm|ports|daphne", StringComparer.OrdinalIgnoreCase);

    /// <summary>The length of the path of the game's folder; 0 when the file is in none.</summary>
    public static int FindEnd(ReadOnlySpan<char> path)
    {
        path = path.TrimEnd('/');
        var steam = path.IndexOf(SteamLibrary, StringComparison.OrdinalIgnoreCase);
        if (steam == 0 || (steam > 0 && path[steam - 1] == '/'))
        {
            var inside = path[(steam + SteamLibrary.Length)..].IndexOf('/');
            return inside > 0 ? steam + SteamLibrary.Length + inside : 0;
        }

        var isBelowGames = false;
        for (var start = 0; path[start..].IndexOf('/') is >= 0 and var length; start += length + 1)
        {
            var folder = path.Slice(start, length);
            if (!LibraryFolders.IsLibraryFolder(folder, out var type) && isBelowGames && !IsCategory(folder))
            {
                return ExtraFolders.Contains(folder) || folder[^1] == ' ' ? 0 : start + length;
            }

            if (type is not (null or MediaType.Game or MediaType.Software) || IsForOtherFiles(folder, path[(start + length + 1)..]))
            {
                return 0;
            }

            isBelowGames = type == MediaType.Game || (isBelowGames && type is null);
        }

        return 0;
    }

    // "videos"; "roms", where files are games of their own, unless the next folder holds games of computers.
    private static bool IsForOtherFiles(ReadOnlySpan<char> folder, ReadOnlySpan<char> rest)
    {
        if (folder.Equals("roms", StringComparison.OrdinalIgnoreCase) || folder.Equals("rom", StringComparison.OrdinalIgnoreCase))
        {
            return rest.IndexOf('/') is var end && (end < 0 || !ComputerRoms.Contains(rest[..end]));
        }

        return folder.Equals("video", StringComparison.OrdinalIgnoreCase) || folder.Equals("videos", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether the game's folder has the exact name of the game, as Steam gives it.</summary>
    public static bool IsSteamGame(ReadOnlySpan<char> gameFolder)
    {
        var name = gameFolder.LastIndexOf('/') + 1;
        return gameFolder[..name].EndsWith(SteamLibrary, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>"mods", "goodies": archives in it are no games.</summary>
    public static bool IsExtraFolder(ReadOnlySpan<char> folder) => ExtraFolders.Contains(folder);

    // "RPG", "PS2", "A", "A-F", "1998"
    private static bool IsCategory(ReadOnlySpan<char> folder) => folder.Length < 2 || Categories.Contains(folder) || ComputerRoms.Contains(folder)
        || Platforms.IsPlatformFolder(folder)
        || (folder.Length == 3 && folder[1] == '-') || (folder.Length == 4 && folder[..2] is "19" or "20" && char.IsAsciiDigit(folder[2]) && char.IsAsciiDigit(folder[3]));
}
