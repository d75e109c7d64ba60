using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Comics and manga.</summary>
internal sealed class ComicShape : IMediaShape
{
    public MediaType Type => MediaType.Comic;

    public void Weigh(Entry entry, ref Ballot ballot)
    {
        if (entry.Path.Kind == FileKind.Comic)
        {
            ballot.Cast(entry, NamedPattern.ComicFile);
        }
        else if (entry.Path.Kind is FileKind.Unknown or FileKind.Archive && entry.Reading.Has(TermKind.Comic))
        {
            ballot.Cast(entry, NamedPattern.ComicWords);
        }
        else if (entry.Path.Kind == FileKind.Archive && ComicNumbers.HasForm(entry.Reading))
        {
            ballot.Cast(entry, NamedPattern.ComicForm);
        }
        else if (entry.Shelf == MediaType.Comic && entry.Path.Kind is FileKind.Archive or FileKind.Document or FileKind.Book or FileKind.Image)
        {
            ballot.Cast(entry, NamedPattern.ComicFile);
        }
    }

    public void Compose(Entry entry)
    {
        var (reading, fields) = (entry.Reading, entry.Fields);
        (fields.Season, fields.Episodes, fields.Source, fields.Part, fields.Disc, fields.Absolute) = (null, null, null, null, null, null);
        if (entry.Path.Kind == FileKind.Unknown)
        {
            BookShape.Issue(reading, fields);
            BookName.Fill(reading, fields);
            fields.Series = fields.Title;
            return;
        }

        fields.ReleaseGroup = reading.LeadGroup;
        ComicNumbers.Fill(reading, fields);
        if (entry.FirstFolder >= 0 && reading.Name.Count == 1 && reading.Name[0] is { IsNumber: true, Length: <= 4 })
        {
            (fields.Series, fields.Chapter) = (null, Numbers.Plain(reading.Name.Word(0)));
        }
        else if (entry.FirstFolder >= 0 && fields is { Volume: null, Chapter: null } && reading.YearAt < 0 && reading.Name.Count > 1
            && reading.Name[0] is { IsNumber: true, Length: <= 3 } && reading.Name[1].AfterSpacedDash)
        {
            // Series/12 - Title.cbz
            (fields.Series, fields.Chapter) = (null, Numbers.Plain(reading.Name.Word(0)));
        }

        if (fields.Series is null && entry.FirstFolder >= 0)
        {
            FromFolders(entry, fields);
        }

        fields.Title = fields.Series;
    }

    // Series/Vol. 03/Chapter 12.cbz
    private static void FromFolders(Entry entry, FieldsDraft fields)
    {
        var at = entry.FirstFolder;
        var volume = new FieldsDraft();
        ComicNumbers.Fill(entry.Folder(at)!, volume);
        if (volume is { Series: null, Volume: not null } && entry.OwnFolder(at + 1) is >= 0 and var above)
        {
            fields.Volume ??= volume.Volume;
            at = above;
        }

        var folder = entry.Folder(at)!;
        fields.Series = (folder.YearAt > 0 ? ReleaseTitle.Of(folder) : null) ?? TitleText.Clean(entry.Path.Folders[at]);
        fields.Year ??= folder.Fields.Year;
    }
}
