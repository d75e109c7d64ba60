using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Programs: installers, packages, releases with a version.</summary>
internal sealed class SoftwareShape : IMediaShape
{
    public MediaType Type => MediaType.Software;

    public void Weigh(Entry entry, ref Ballot ballot)
    {
        var reading = entry.Reading;
        if (entry.Path.Kind == FileKind.Program)
        {
            ballot.Cast(entry, NamedPattern.ProgramFile);
        }

        if (entry.Path.Kind is not (FileKind.Unknown or FileKind.Archive or FileKind.DiscImage or FileKind.Program)
            || FilmShape.LooksFilmed(reading) || reading.Episode is { Pattern.Weight: > 0.84 })
        {
            return;
        }

        var version = ProgramName.TryVersion(reading, out _, out _);
        if (HasWord(entry) || reading.Fields.Platform?.Exists(platform => !GameShape.IsConsole(platform)) == true)
        {
            ballot.Cast(entry, NamedPattern.ProgramWords, bonus: version ? 0.08 : 0);
        }
        else if (version && (reading.YearAt < 0 || IsVendor(entry.Path.Stem)))
        {
            ballot.Cast(entry, NamedPattern.ProgramVersion);
        }
        else if (IsVendor(entry.Path.Stem) && !FilmShape.LooksFilmed(reading))
        {
            ballot.Cast(entry, NamedPattern.ProgramWords, bonus: 0.05);
        }
        else if (entry.Path.Kind == FileKind.DiscImage)
        {
            ballot.Cast(entry, NamedPattern.ProgramVersion, bonus: -0.4);
        }
    }

    public void Compose(Entry entry)
    {
        var fields = entry.Fields;
        (fields.Season, fields.Episodes, fields.Source, fields.AudioCodec) = (null, null, null, null);
        ProgramName.Fill(entry.Reading, fields);
        ProgramName.FillFromFolder(entry);
    }

    private static bool IsVendor(NameText name) => name.Count > 1 && name.Word(0) is "microsoft" or "adobe" or "autodesk" or "corel" or "vmware" or "jetbrains"
        or "windows" or "ubuntu" or "debian" or "fedora" or "kali" or "libreoffice" or "acronis" or "kaspersky" or "nero" or "ableton" or "steinberg" or "cyberlink";

    private static bool HasWord(Entry entry)
    {
        for (var i = 1; i < entry.Path.Stem.Count; i++)
        {
            if (entry.Reading.TermAt(i) is { Kind: TermKind.Software, Strength: not Strength.Weak } && !(entry.Path.Stem.Is(i, "incl") && entry.Reading.Has(TermKind.Game)))
            {
                return true;
            }
        }

        return false;
    }
}
