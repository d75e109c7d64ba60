using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>The files of an installed game: programs, data, films and music below its folder are the game, whatever they are called.</summary>
internal static class GamePart
{
    /// <summary>The type and the title come from the name of the folder, which leaves little doubt.</summary>
    public const double Confidence = 0.97;

    [ThreadStatic]
    private static (string Folder, MediaFieldsBuilder Game)? _last;

    /// <summary>The fields of the game; null when the file is no part of one, or names a game itself.</summary>
    public static MediaFieldsBuilder? TryRead(PathContext context)
    {
        if (context.GameFolder is not { } folder || (!GameFolders.IsSteamGame(folder) && NamesItself(context, folder)))
        {
            return null;
        }

        var game = ReadFolder(folder);
        context.ParsedName.Clues?.Add(new Clue("type", MediaType.Game.ToApiName(), Confidence, $"game folder: {folder}"));
        return new MediaFieldsBuilder
        {
            Title = game.Title,
            Year = game.Year,
            Version = game.Version,
            ReleaseGroup = game.ReleaseGroup,
            Platform = game.Platform ?? GameClassifier.FindPlatform(context),
        };
    }

    /// <summary>Whether the file names its game itself and yet is one part of several: "setup_title_1.32.exe", "setup_title_1.32-1.bin".</summary>
    public static bool IsOfInstaller(PathContext context) => context.GameFolder is not null
        && (context.Path.Kind is not (FileKind.Archive or FileKind.DiscImage or FileKind.Rom) || (context.Path.Extension is "bin" && context.Path.Stem.Is(0, "setup")));

    /// <summary>The title of the game that the folder holds.</summary>
    public static string? GetTitle(string folder) => ReadFolder(folder).Title;

    private static MediaFieldsBuilder ReadFolder(string folder)
    {
        if (_last is { } last && last.Folder == folder)
        {
            return last.Game;
        }

        var name = folder[(folder.LastIndexOf('/') + 1)..];
        var game = new MediaFieldsBuilder();
        if (!GameFolders.IsSteamGame(folder))
        {
            var parsed = ReleaseParser.Parse(new TokenizedName(name), false, NamePlace.Programs);
            game.Year = parsed.Fields.Year;
            ProgramNameParser.Fill(parsed, game);
        }

        game.Title ??= TitleCleaner.Clean(name) ?? TitleCleaner.MakeReadable(name);
        _last = (folder, game);
        return game;
    }

    // Images, archives and installers are how games are kept: such a file has the game's name more often than a folder above it.
    private static bool NamesItself(PathContext context, string folder)
    {
        var stem = context.Path.Stem;
        var nearest = context.Path.Folders.Count > 0 ? context.Path.Folders[0] : "";
        var isDirectlyInside = nearest.Length == folder.Length - folder.LastIndexOf('/') - 1;
        return context.Path.Kind switch
        {
            FileKind.Archive or FileKind.DiscImage when StartsWithGroup(stem) || (!isDirectlyInside && GameFolders.IsExtraFolder(nearest)) => false,
            FileKind.Archive or FileKind.Rom => true,
            FileKind.DiscImage => context.Path.Extension != "bin" || stem.Is(0, "setup") || isDirectlyInside,
            FileKind.Program => IsNamedInstaller(stem) || (isDirectlyInside && IsPackage(context.Path.Extension)),
            _ => false,
        };
    }

    // "Iron.Fox-CODEX/codex-ironfox.iso": the files of a release have its group in front and a shortened name.
    private static bool StartsWithGroup(TokenizedName stem) => stem.Count > 1 && stem[1].IsAfterTightDash && GameTerms.IsGameReleaseGroup(stem.Word(0));

    private static bool IsPackage(string extension) => extension is "apk" or "xapk" or "ipa" or "deb" or "rpm" or "dmg" or "appimage" or "flatpak" or "snap";

    // "setup_iron_fox_1.2", "Iron Fox Setup 1.2": an installer with more to its name than its version.
    private static bool IsNamedInstaller(TokenizedName stem)
    {
        var isInstaller = false;
        var hasName = false;
        for (var i = 0; i < stem.Count; i++)
        {
            var isWord = stem.Word(i) is "setup" or "install" or "installer";
            isInstaller |= isWord;
            hasName |= !isWord && stem[i].Kind == TokenKind.Word && stem[i].Length > 1;
        }

        return isInstaller && hasName;
    }
}
