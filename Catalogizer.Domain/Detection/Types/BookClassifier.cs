using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Books and magazines, as files and as releases.</summary>
internal sealed class BookClassifier : IMediaClassifier
{
    public MediaType Type => MediaType.Book;

    public void Score(PathContext context, ref PatternVotes votes)
    {
        var parsed = context.ParsedName;
        if (context.Path.Kind == FileKind.Book)
        {
            votes.Add(context, NamedPattern.BookFile);
        }
        else if (context.Path.Kind == FileKind.Document)
        {
            votes.Add(context, NamedPattern.BookFile, bonus: -0.1);
        }

        if (context.Path.Kind is FileKind.Unknown or FileKind.Archive && (parsed.HasTerm(TermKind.Book) || parsed.HasTerm(TermKind.Magazine)))
        {
            votes.Add(context, NamedPattern.BookTerms);
        }
        else if (context.Path.Kind == FileKind.Unknown && BookNameParser.IsTitleByAuthor(parsed))
        {
            votes.Add(context, NamedPattern.BookTerms, bonus: -0.3);
        }
    }

    public void FillFields(PathContext context)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        (fields.Season, fields.Episodes, fields.Source, fields.Edition) = (null, null, null, null);
        if (context.Path.Kind is FileKind.Book or FileKind.Document)
        {
            fields.ReleaseGroup = parsed.HasTerm(TermKind.Book) ? fields.ReleaseGroup : null;
            FillFromName(context);

            if (context.Path.Kind == FileKind.Document && fields.Chapter is null && fields.Author is null && TryReadIssue(parsed, fields, "issue"))
            {
                BookNameParser.Fill(parsed, fields);
            }

            FillFromFolders(context, fields);
            return;
        }

        TryReadIssue(parsed, fields);
        BookNameParser.Fill(parsed, fields);
    }

    private static void FillFromName(PathContext context)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        if (SeriesPlace.TryRead(parsed, BookTree.IsName(context, context.ItemFolderIndex + 1), fields)
            || AuthorSide.TryRead(parsed, context, 0, fields))
        {
            return;
        }

        BookNameParser.Fill(parsed, fields);
        if (fields.Title is { } title && fields.Author is not null && context.Path.Folders.Contains(title, StringComparer.OrdinalIgnoreCase))
        {
            (fields.Title, fields.Author) = (fields.Author, fields.Title);
        }
    }

    // Books/Author/Title.epub, Books/Author/Title/Title.epub, Books/Author/Series/03 - Title.epub, Books/Author/Series/03 - Title/Title.epub
    private static void FillFromFolders(PathContext context, MediaFieldsBuilder fields)
    {
        var at = SkipFolderOfBook(context, fields);
        if (fields is { Volume: not null, Series: null } && BookTree.IsName(context, at + 1))
        {
            BookTree.FillFromAbove(context, at, fields);
        }

        if (fields.Author is null && BookTree.IsName(context, at + 1) && at >= 0 && PersonNames.LooksLikePeople(context.Path.Folders[at + 1]) && !PersonNames.LooksLikePeople(context.Path.Folders[at]))
        {
            // Author/Series/1994 - Title.epub
            fields.Series ??= context.ParsedName.YearIndex == 0 ? BookTree.ReadName(context, at) : null;
            at++;
        }

        if (at >= 0 && fields.Author is null && context.Path.GetFolder(at) is { Count: > 0 } && context.GetFolder(at)!.YearIndex < 0)
        {
            fields.Author = TitleCleaner.Clean(context.Path.Folders[at]);
        }
    }

    private static int SkipFolderOfBook(PathContext context, MediaFieldsBuilder fields)
    {
        var at = context.ItemFolderIndex;
        if (at < 0 || fields.Title is not { } title || !BookTree.IsName(context, at + 1))
        {
            return at;
        }

        var folder = context.GetFolder(at)!;
        var from = new MediaFieldsBuilder();
        if (!SeriesPlace.TryRead(folder, BookTree.IsName(context, at + 2), from))
        {
            BookNameParser.Fill(folder, from);
        }

        if (from is { Volume: not null, Title: { } placed } && TitleCleaner.HasSameLetters(placed, title))
        {
            (fields.Volume, fields.Year) = (fields.Volume ?? from.Volume, fields.Year ?? from.Year);
            return at + 1;
        }

        if (!string.Equals(ReleaseTitle.From(folder), title, StringComparison.OrdinalIgnoreCase))
        {
            return at;
        }

        // Beside "Title - Author", the number behind the folder's title can also be a Calibre ID.
        fields.Year ??= fields.Author is null ? from.Year : null;
        return at + 1;
    }

    // The issue number of a magazine: N119, No.04, Issue 12.
    public static bool TryReadIssue(ParsedName parsed, MediaFieldsBuilder fields, string? only = null)
    {
        var name = parsed.Name;
        for (var i = parsed.Start + 1; i < name.Count; i++)
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
                fields.Chapter = IssueNumbers.Normalize(number);
                parsed.SetRole(i, last, TokenRole.Part);
                parsed.TitleEnd = Math.Min(parsed.TitleEnd, i);
                return true;
            }
        }

        return false;
    }
}
