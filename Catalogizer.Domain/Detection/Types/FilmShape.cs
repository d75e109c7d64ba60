using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

internal sealed class FilmShape : IMediaShape
{
    public MediaType Type => MediaType.Movie;

    public void Weigh(Entry entry, ref Ballot ballot)
    {
        var reading = entry.Reading;
        if (reading.Episode is not null || reading.DateAt >= 0)
        {
            return;
        }

        if (reading.YearAt >= 0)
        {
            var name = reading.Name;
            var dashed = name[reading.YearAt] is { Group: 0, AfterSpacedDash: true };
            var bareDisc = entry.Path.Kind is FileKind.DiscImage or FileKind.Archive && !LooksFilmed(reading) && name[reading.YearAt].Group == 0;
            ballot.Cast(entry, dashed ? NamedPattern.FilmDashYear : NamedPattern.FilmYear, bonus: bareDisc ? -0.5 : 0);
        }
        else if (LooksFilmed(reading))
        {
            ballot.Cast(entry, NamedPattern.FilmRelease);
        }

        if (entry.Path.Kind == FileKind.Video)
        {
            ballot.Cast(entry, NamedPattern.FilmFile, bonus: YearFolder(entry) >= 0 ? 0.3 : 0);
        }
    }

    public void Compose(Entry entry)
    {
        var (reading, fields) = (entry.Reading, entry.Fields);
        fields.Title = ReleaseTitle.Of(reading);
        var folder = YearFolder(entry);
        if (folder >= 0 && (reading.YearAt < 0 || fields.Title is null))
        {
            var owner = entry.Folder(folder)!;
            fields.Title = ReleaseTitle.Of(owner) ?? fields.Title;
            fields.Year ??= owner.Fields.Year;
            fields.InheritQuality(owner.Fields);
        }

        if (folder >= 0)
        {
            fields.TmdbId ??= entry.Folder(folder)!.Fields.TmdbId;
            fields.ImdbId ??= entry.Folder(folder)!.Fields.ImdbId;
        }

        fields.Part ??= entry.Disc;

        fields.Disc = null;
    }

    public static bool LooksFilmed(NameReading reading) =>
        reading.Has(TermKind.Resolution) || reading.Has(TermKind.Source) || reading.Has(TermKind.VideoCodec) || reading.Has(TermKind.Hdr) || reading.Has(TermKind.ThreeD);

    /// <summary>The folder that a film lies in, "Title (1999)"; -1 when the nearest is none.</summary>
    private static int YearFolder(Entry entry)
    {
        var folder = entry.FirstFolder;
        return folder >= 0 && folder <= 2 && entry.Folder(folder) is { YearAt: >= 0, Episode: null } ? folder : -1;
    }
}
