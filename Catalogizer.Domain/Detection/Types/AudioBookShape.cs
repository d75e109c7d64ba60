using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Books that are read out: Author/Title/Chapter 1.mp3, Author - Title.m4b, releases that say ABOOK.</summary>
internal sealed class AudioBookShape : IMediaShape
{
    public MediaType Type => MediaType.Audiobook;

    public void Weigh(Entry entry, ref Ballot ballot)
    {
        if (entry.Path.Kind == FileKind.AudioBook)
        {
            ballot.Cast(entry, NamedPattern.AudioBookFile);
        }

        if (entry.Reading.Has(TermKind.AudioBook) || (entry.FirstFolder >= 0 && entry.Path.Kind == FileKind.Audio && entry.Folder(entry.FirstFolder)!.Has(TermKind.AudioBook)))
        {
            ballot.Cast(entry, NamedPattern.AudioBookWords);
        }
        else if (entry.Path.Kind == FileKind.Audio && (entry.Shelf == MediaType.Audiobook || Chapter(entry.Path.Stem) >= 0))
        {
            ballot.Cast(entry, NamedPattern.AudioBookWords, bonus: entry.Shelf == MediaType.Audiobook ? 0 : -0.02);
        }
    }

    public void Compose(Entry entry)
    {
        var (reading, fields) = (entry.Reading, entry.Fields);
        (fields.Season, fields.Episodes, fields.Source) = (null, null, null);
        if (entry.Path.Kind is FileKind.Unknown or FileKind.Archive)
        {
            AlbumName.Fill(reading, fields);
            Rename(fields);
            return;
        }

        fields.Part ??= Counted(entry.Path.Stem, "part", "teil", "partie");
        var chapter = Chapter(entry.Path.Stem);
        if (chapter >= 0)
        {
            fields.Chapter = entry.Path.Stem.Number(chapter).ToString(System.Globalization.CultureInfo.InvariantCulture);
            reading.TitleEnd = 0;
        }

        var folder = entry.FirstFolder;
        if (folder < 0)
        {
            BookName.Fill(reading, fields);
            return;
        }

        var from = new FieldsDraft();
        BookName.Fill(entry.Folder(folder)!, from);
        (fields.Title, fields.Author, fields.Year) = (from.Title, from.Author, fields.Year ?? from.Year);
        var author = Topmost(entry, folder);
        fields.Author ??= author > folder ? TitleText.Clean(entry.Path.Folders[author]) : null;
        fields.Series ??= author == folder + 2 ? TitleText.Clean(entry.Path.Folders[folder + 1]) : null;
        fields.Volume ??= from.Volume;
        if (entry.Path.Kind == FileKind.AudioBook && author == folder && from.Author is null)
        {
            // Author/Title.m4b: a single file under one folder names the book itself.
            fields.Author = from.Title;
            fields.Title = null;
            BookName.Fill(reading, fields);
        }

        fields.Track = chapter < 0 && entry.Path.Stem.Number(0) is > 0 and < 1000 and var track ? track : null;
    }

    // Author/Series/Title: the last folder of a work's own before the sorting ones.
    private static int Topmost(Entry entry, int folder)
    {
        while (folder + 1 < entry.Path.Folders.Count && entry.OwnFolder(folder + 1) == folder + 1)
        {
            folder++;
        }

        return folder;
    }

    private static int? Counted(NameText name, params ReadOnlySpan<string> words)
    {
        for (var i = 0; i + 1 < name.Count; i++)
        {
            foreach (var word in words)
            {
                if (name.Is(i, word) && name.Number(i + 1) is > 0 and < 1000 and var number)
                {
                    return number;
                }
            }
        }

        return null;
    }

    private static void Rename(FieldsDraft fields)
    {
        (fields.Author, fields.Artist) = (fields.Album is null || fields.Artist == fields.Album ? null : fields.Artist, null);
        (fields.Title, fields.Album) = (fields.Album ?? fields.Title, null);
        fields.AudioCodec = null;
    }

    // "Chapter 1", "Part 3 - Chapter 2", "Kapitel 4": index of the number, -1 without one.
    private static int Chapter(NameText name)
    {
        for (var i = 0; i + 1 < name.Count; i++)
        {
            if (name.Word(i) is "chapter" or "kapitel" or "chapitre" or "capitolo" && name.Number(i + 1) >= 0)
            {
                return i + 1;
            }
        }

        return -1;
    }
}
