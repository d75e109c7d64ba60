using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Roms, console images and releases of games.</summary>
internal sealed class GameShape : IMediaShape
{
    public MediaType Type => MediaType.Game;

    public void Weigh(Entry entry, ref Ballot ballot)
    {
        var reading = entry.Reading;
        if (entry.Path.Kind == FileKind.Rom)
        {
            ballot.Cast(entry, NamedPattern.RomFile);
            return;
        }

        if (entry.Path.Kind is FileKind.DiscImage or FileKind.Archive or FileKind.Unknown && HasSerial(entry.Path.Stem))
        {
            ballot.Cast(entry, NamedPattern.ConsoleWords);
        }

        var open = entry.Path.Kind is FileKind.Unknown or FileKind.Archive or FileKind.DiscImage or FileKind.Program;
        if (!open || FilmShape.LooksFilmed(reading) && reading.Episode is not null)
        {
            return;
        }

        if (reading.Fields.Platform?.Exists(IsConsole) == true && !reading.Has(TermKind.VideoCodec))
        {
            ballot.Cast(entry, NamedPattern.ConsoleWords);
        }

        if (reading.Has(TermKind.Game) || EndsWithTeam(reading))
        {
            ballot.Cast(entry, NamedPattern.GameTeam, bonus: FilmShape.LooksFilmed(reading) ? -0.3 : EndsWithTeam(reading) ? 0.17 : 0.05);
        }

        // Shops name their installers "setup_title_1.2.3_(45678)", and named them "setup_title_gog_1.2.3" before.
        if (entry.Path.Kind == FileKind.Program && entry.Path.Stem is { Count: > 3 } stem && stem.Is(0, "setup") && stem.Text.Contains('_')
            && (stem[stem.Count - 1] is { Bracket: '(', IsNumber: true, Length: > 3 } || stem.Text.Contains("_gog_", StringComparison.OrdinalIgnoreCase)))
        {
            ballot.Cast(entry, NamedPattern.GameTeam, bonus: 0.21);
        }

        if (entry.Path.Kind == FileKind.Program && entry.Shelf == MediaType.Game)
        {
            ballot.Cast(entry, NamedPattern.GameTeam, bonus: 0.15);
        }

        if (entry.Path.Kind is not FileKind.Unknown && HasRegion(reading))
        {
            ballot.Cast(entry, NamedPattern.GameTeam, bonus: 0.1);
        }
    }

    public void Compose(Entry entry)
    {
        var (reading, fields) = (entry.Reading, entry.Fields);
        (fields.Season, fields.Episodes, fields.Source, fields.Resolution) = (null, null, null, null);
        ProgramName.Fill(reading, fields);
        ProgramName.FillFromFolder(entry);
        if (Platforms.OfExtension(entry.Path.Extension) is { } platform)
        {
            FieldsDraft.Add(ref fields.Platform, platform);
        }
        else if (fields.Platform is null)
        {
            foreach (var folder in entry.Path.Folders)
            {
                if (Platforms.OfFolder(folder) is { } named)
                {
                    FieldsDraft.Add(ref fields.Platform, named);
                    break;
                }
            }
        }
    }

    public static bool IsConsole(string platform) => platform is not ("Windows" or "macOS" or "Linux" or "Android" or "iOS" or "Symbian" or "Pocket PC" or "N-Gage");

    private static bool EndsWithTeam(NameReading reading)
    {
        var name = reading.Name;
        var first = name.Count - 1;
        while (first > 0 && name[first].Group != 0 && name[first - 1].Group == name[first].Group)
        {
            first--;
        }

        if (first > 0 && name[first].Group != 0 && GameTerms.IsTeam(name.Word(first)))
        {
            return true;
        }

        if (name.Count > 2 && name.Is(name.Count - 1, "repack") && GameTerms.IsTeam(name.Word(name.Count - 2)))
        {
            return true;
        }

        for (var i = reading.End - 1; i > reading.Start && reading.Episode is null && i >= reading.End - 2; i--)
        {
            if (name[i].AfterTightDash || (name[i].Before & Gap.Open) != 0 || name[i].AfterSpacedDash)
            {
                return GameTerms.IsTeam(name.Raw(i, reading.End - 1));
            }
        }

        return reading.TailTag is { } tag && GameTerms.IsTeam(tag);
    }

    // [SLUS-12345]: what Sony prints on its discs.
    private static bool HasSerial(NameText name)
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

    private static bool HasRegion(NameReading reading)
    {
        var name = reading.Name;
        for (var i = 1; i < name.Count; i++)
        {
            if (name[i].Bracket == '(' && (name[i].Before & Gap.Open) != 0 && name.Word(i) is "usa" or "europe" or "japan" or "world" or "germany" or "france" or "korea")
            {
                return true;
            }
        }

        return false;
    }
}
