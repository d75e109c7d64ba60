using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Programs: installers, packages, releases with a version.</summary>
internal sealed class SoftwareClassifier : IMediaClassifier
{
    public MediaType Type => MediaType.Software;

    public void Score(PathContext context, ref PatternVotes votes)
    {
        var parsed = context.ParsedName;
        if (context.Path.Kind == FileKind.Program)
        {
            votes.Add(context, NamedPattern.ProgramFile);
        }

        if (context.Path.Kind is not (FileKind.Unknown or FileKind.Archive or FileKind.DiscImage or FileKind.Program))
        {
            return;
        }

        if (context.FolderType == MediaType.Software && context.HoldsPrograms)
        {
            votes.Add(context, NamedPattern.SoftwareLibrary);
        }

        if (ProgramWords.FollowName(parsed))
        {
            votes.Add(context, NamedPattern.ProgramRelease);
        }

        if (FilmClassifier.HasVideoTerms(parsed) || parsed.Episode is { Pattern.Weight: > 0.84 })
        {
            return;
        }

        var version = ProgramNameParser.TryFindVersion(parsed, out _, out _);
        if (HasSoftwareTerm(context) || parsed.Fields.Platform?.Exists(platform => !GameClassifier.IsConsole(platform)) == true)
        {
            votes.Add(context, NamedPattern.ProgramTerms, bonus: version || HasTermBehindYear(parsed) ? 0.08 : 0);
        }
        else if (version && (parsed.YearIndex < 0 || StartsWithVendor(context.Path.Stem)))
        {
            votes.Add(context, NamedPattern.ProgramVersion);
        }
        else if (StartsWithVendor(context.Path.Stem) && !FilmClassifier.HasVideoTerms(parsed))
        {
            votes.Add(context, NamedPattern.ProgramTerms, bonus: 0.05);
        }
        else if (context.Path.Kind == FileKind.DiscImage)
        {
            votes.Add(context, NamedPattern.ProgramVersion, bonus: -0.4);
        }
    }

    public void FillFields(PathContext context)
    {
        var fields = context.Fields;
        (fields.Season, fields.Episodes, fields.Source, fields.AudioCodec, fields.Date) = (null, null, null, null, null);
        (fields.Resolution, fields.VideoCodec, fields.Hdr, fields.AudioChannels, fields.BitDepth, fields.Is3D) = (null, null, null, null, null, false);
        ProgramNameParser.Fill(context.ParsedName, fields);
        ProgramNameParser.FillFromFolder(context);
    }

    // "Corvane Ledger 2021 x64": what follows the year is no film's.
    private static bool HasTermBehindYear(ParsedName parsed)
    {
        for (var i = parsed.YearIndex + 1; parsed.YearIndex >= 0 && i < parsed.Name.Count; i++)
        {
            if (parsed.TermAt(i) is { Kind: TermKind.Software, Strength: not TermStrength.Weak })
            {
                return true;
            }
        }

        return false;
    }

    private static bool StartsWithVendor(TokenizedName name) => name.Count > 1 && name.Word(0) is "microsoft" or "adobe" or "autodesk" or "corel" or "vmware" or "jetbrains"
        or "windows" or "ubuntu" or "debian" or "fedora" or "kali" or "libreoffice" or "acronis" or "kaspersky" or "nero" or "ableton" or "steinberg" or "cyberlink";

    private static bool HasSoftwareTerm(PathContext context)
    {
        for (var i = 1; i < context.Path.Stem.Count; i++)
        {
            if (context.ParsedName.TermAt(i) is { Kind: TermKind.Software, Strength: not TermStrength.Weak } && !(context.Path.Stem.Is(i, "incl") && context.ParsedName.HasTerm(TermKind.Game)))
            {
                return true;
            }
        }

        return false;
    }
}
