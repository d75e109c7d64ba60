using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>ROMs, console images and game releases.</summary>
internal sealed class GameClassifier : IMediaClassifier
{
    public MediaType Type => MediaType.Game;

    public void Score(PathContext context, ref PatternVotes votes)
    {
        var parsed = context.ParsedName;
        if (context.Path.Kind == FileKind.Rom)
        {
            votes.Add(context, NamedPattern.RomFile);
            return;
        }

        if (context.Path.Kind is FileKind.DiscImage or FileKind.Archive or FileKind.Unknown && HasSerial(context.Path.Stem))
        {
            votes.Add(context, NamedPattern.ConsoleTerms);
        }

        var open = context.Path.Kind is FileKind.Unknown or FileKind.Archive or FileKind.DiscImage or FileKind.Program;
        if (open && context.FolderType == MediaType.Game)
        {
            votes.Add(context, NamedPattern.GameLibrary);
        }

        if (!open || FilmClassifier.HasVideoTerms(parsed) && parsed.Episode is not null)
        {
            return;
        }

        if (parsed.Fields.Platform?.Exists(IsConsole) == true && !parsed.HasTerm(TermKind.VideoCodec))
        {
            votes.Add(context, NamedPattern.ConsoleTerms);
        }

        if (parsed.HasTerm(TermKind.Game) || EndsWithReleaseGroup(parsed))
        {
            votes.Add(context, NamedPattern.GameReleaseGroup, bonus: FilmClassifier.HasVideoTerms(parsed) ? -0.3 : EndsWithReleaseGroup(parsed) ? 0.17 : 0.05);
        }

        if (IsShopInstaller(context.Path))
        {
            votes.Add(context, NamedPattern.GameReleaseGroup, bonus: 0.21);
        }

        if (context.Path.Kind is not FileKind.Unknown && HasRegion(parsed))
        {
            votes.Add(context, NamedPattern.GameReleaseGroup, bonus: 0.1);
        }
    }

    public void FillFields(PathContext context)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        (fields.Season, fields.Episodes, fields.Source, fields.Resolution, fields.AudioCodec, fields.VideoCodec) = (null, null, null, null, null, null);
        ProgramNameParser.Fill(parsed, fields);
        ProgramNameParser.FillFromFolder(context);
        if (Platforms.FromExtension(context.Path.Extension) is { } platform)
        {
            MediaFieldsBuilder.Add(ref fields.Platform, platform);
        }
        else
        {
            fields.Platform ??= FindPlatform(context);
        }
    }

    /// <summary>The platform that the nearest folder of one names; null without one.</summary>
    public static List<string>? FindPlatform(PathContext context)
    {
        foreach (var folder in context.Path.Folders)
        {
            if (Platforms.FromFolder(folder) is { } named)
            {
                return [named];
            }
        }

        return null;
    }

    public static bool IsConsole(string platform) => platform is not ("Windows" or "macOS" or "Linux" or "Android" or "iOS" or "Symbian" or "Pocket PC" or "N-Gage");

    // Shops name their installers "setup_title_1.2.3_(45678)", formerly "setup_title_gog_1.2.3", and further files of one with "-1.bin".
    private static bool IsShopInstaller(MediaPath path)
    {
        var stem = path.Stem;
        if (stem.Count < 4 || !stem.Is(0, "setup") || !stem.Text.Contains('_') || !(path.Kind == FileKind.Program || path.Extension == "bin"))
        {
            return false;
        }

        var last = stem.Count - (path.Extension == "bin" && stem[stem.Count - 1] is { IsNumber: true, Length: < 3 } ? 2 : 1);
        return stem[last] is { Bracket: '(', IsNumber: true, Length: > 3 } || stem.Text.Contains("_gog_", StringComparison.OrdinalIgnoreCase);
    }

    private static bool EndsWithReleaseGroup(ParsedName parsed)
    {
        var name = parsed.Name;
        var first = name.Count - 1;
        while (first > 0 && name[first].BracketGroup != 0 && name[first - 1].BracketGroup == name[first].BracketGroup)
        {
            first--;
        }

        if (first > 0 && name[first].BracketGroup != 0 && GameTerms.IsGameReleaseGroup(name.Word(first)))
        {
            return true;
        }

        if (name.Count > 2 && name.Is(name.Count - 1, "repack") && GameTerms.IsGameReleaseGroup(name.Word(name.Count - 2)))
        {
            return true;
        }

        for (var i = parsed.End - 1; i > parsed.Start && parsed.Episode is null && i >= parsed.End - 2; i--)
        {
            if (name[i].IsAfterTightDash || (name[i].SeparatorBefore & Separator.Open) != 0 || name[i].IsAfterSpacedDash)
            {
                return GameTerms.IsGameReleaseGroup(name.RawText(i, parsed.End - 1));
            }
        }

        return parsed.TrailingTag is { } tag && GameTerms.IsGameReleaseGroup(tag);
    }

    // [SLUS-12345]: a serial number as printed on Sony discs.
    private static bool HasSerial(TokenizedName name)
    {
        for (var i = 0; i < name.Count; i++)
        {
            if (name.Word(i) is "slus" or "sles" or "scus" or "sces" or "slps" or "slpm" or "scps" or "blus" or "bles" or "bcus" or "bces" or "ulus" or "ules"
                && i + 1 < name.Count && name[i + 1].Length is 3 or 5 && name.Number(i + 1) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasRegion(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = 1; i < name.Count; i++)
        {
            if (name[i].Bracket == '(' && (name[i].SeparatorBefore & Separator.Open) != 0 && name.Word(i) is "usa" or "europe" or "japan" or "world" or "germany" or "france" or "korea")
            {
                return true;
            }
        }

        return false;
    }
}
