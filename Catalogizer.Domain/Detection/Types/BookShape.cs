using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Books and magazines, as files and as releases.</summary>
internal sealed class BookShape : IMediaShape
{
    public MediaType Type => MediaType.Book;

    public void Weigh(Entry entry, ref Ballot ballot)
    {
        var reading = entry.Reading;
        if (entry.Path.Kind == FileKind.Book)
        {
            ballot.Cast(entry, NamedPattern.BookFile);
        }
        else if (entry.Path.Kind == FileKind.Document)
        {
            ballot.Cast(entry, NamedPattern.BookFile, bonus: -0.1);
        }

        if (entry.Path.Kind is FileKind.Unknown or FileKind.Archive && (reading.Has(TermKind.Book) || reading.Has(TermKind.Magazine)))
        {
            ballot.Cast(entry, NamedPattern.BookWords);
        }
        else if (entry.Path.Kind == FileKind.Unknown && BookName.IsByAuthor(reading))
        {
            ballot.Cast(entry, NamedPattern.BookWords, bonus: -0.3);
        }
    }

    public void Compose(Entry entry)
    {
        var (reading, fields) = (entry.Reading, entry.Fields);
        (fields.Season, fields.Episodes, fields.Source, fields.Edition) = (null, null, null, null);
        if (entry.Path.Kind is FileKind.Book or FileKind.Document)
        {
            fields.ReleaseGroup = reading.Has(TermKind.Book) ? fields.ReleaseGroup : null;
            BookName.Fill(reading, fields);
            if (fields.Title is { } title && fields.Author is not null && IsFolder(entry, title))
            {
                (fields.Title, fields.Author) = (fields.Author, fields.Title);
            }

            if (entry.Path.Kind == FileKind.Document && fields.Chapter is null && fields.Author is null && Issue(reading, fields, "issue"))
            {
                BookName.Fill(reading, fields);
            }

            FromFolders(entry, fields);
            return;
        }

        Issue(reading, fields);
        BookName.Fill(reading, fields);
    }

    private static bool IsFolder(Entry entry, string name)
    {
        foreach (var folder in entry.Path.Folders)
        {
            if (folder.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // Books/Author/Title.epub, Books/Author/Title/Title.epub, Books/Author/Series/03 - Title.epub
    private static void FromFolders(Entry entry, FieldsDraft fields)
    {
        var at = entry.FirstFolder;
        if (at >= 0 && entry.OwnFolder(at + 1) == at + 1 && fields.Title is { } title && string.Equals(ReleaseTitle.Of(entry.Folder(at)!), title, StringComparison.OrdinalIgnoreCase))
        {
            at++;
        }

        if (at < 0 || fields.Author is not null || entry.Path.Folder(at) is not { Count: > 0 } || entry.Folder(at)!.YearAt >= 0)
        {
            return;
        }

        if (fields is { Volume: not null, Series: null } && entry.OwnFolder(at + 1) == at + 1)
        {
            fields.Series = TitleText.Clean(entry.Path.Folders[at]);
            at++;
        }

        fields.Author = TitleText.Clean(entry.Path.Folders[at]);
    }

    // Magazines count their issues: N119, No.04, Issue 12.
    public static bool Issue(NameReading reading, FieldsDraft fields, string? only = null)
    {
        var name = reading.Name;
        for (var i = reading.Start + 1; i < name.Count; i++)
        {
            var word = name.Word(i);
            var last = i;
            ReadOnlySpan<char> number = default;
            if (only is not null && !word.SequenceEqual(only))
            {
                continue;
            }

            if (word is "no" or "issue" or "nr" or "number" or "heft" or "ausgabe" && name.Number(i + 1) >= 0 && name[i + 1].Length < 5)
            {
                last = i + 1;
                number = name.Word(last);
            }
            else if (word.Length is > 1 and < 6 && (word.StartsWith("no") || word[0] == 'n') && word.TrimStart("no") is { IsEmpty: false } digits
                && digits.IndexOfAnyExceptInRange('0', '9') < 0)
            {
                number = digits;
            }

            if (!number.IsEmpty)
            {
                fields.Chapter = Numbers.Plain(number);
                reading.SetMark(i, last, Mark.Part);
                reading.TitleEnd = Math.Min(reading.TitleEnd, i);
                return true;
            }
        }

        return false;
    }
}
