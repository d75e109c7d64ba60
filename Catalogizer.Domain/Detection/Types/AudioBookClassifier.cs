using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Audiobooks: Author/Title/Chapter 1.mp3, Author - Title.m4b, releases marked ABOOK.</summary>
internal sealed class AudioBookClassifier : IMediaClassifier
{
    public MediaType Type => MediaType.Audiobook;

    public void Score(PathContext context, ref PatternVotes votes)
    {
        if (context.Path.Kind == FileKind.AudioBook)
        {
            votes.Add(context, NamedPattern.AudioBookFile);
        }

        if (context.ParsedName.HasTerm(TermKind.AudioBook) || (context.ItemFolderIndex >= 0 && context.Path.Kind == FileKind.Audio && context.GetFolder(context.ItemFolderIndex)!.HasTerm(TermKind.AudioBook)))
        {
            votes.Add(context, NamedPattern.AudioBookTerms);
        }
        else if (context.Path.Kind == FileKind.Audio && (context.FolderType == MediaType.Audiobook || FindChapterNumber(context.Path.Stem) >= 0))
        {
            votes.Add(context, NamedPattern.AudioBookTerms, bonus: context.FolderType == MediaType.Audiobook ? 0 : -0.02);
        }
    }

    public void FillFields(PathContext context)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        (fields.Season, fields.Episodes, fields.Source) = (null, null, null);
        if (context.Path.Kind is FileKind.Unknown or FileKind.Archive)
        {
            AlbumNameParser.Fill(parsed, fields);
            ConvertAlbumFields(fields);
            return;
        }

        fields.Disc = context.Disc ?? fields.Disc;
        fields.Part ??= FindNumberAfter(context.Path.Stem, "part", "teil", "partie");
        var chapter = FindChapterNumber(context.Path.Stem);
        if (chapter >= 0)
        {
            fields.Chapter = context.Path.Stem.Number(chapter).ToString(System.Globalization.CultureInfo.InvariantCulture);
            parsed.TitleEnd = 0;
        }

        var folder = context.ItemFolderIndex;
        if (folder < 0)
        {
            FillFromName(parsed, context, 0, fields);
            return;
        }

        if (TryFillFromSeriesFile(context, folder))
        {
            return;
        }

        FillFromFolders(context, folder);
        fields.Track = chapter < 0 && context.Path.Stem.Number(0) is > 0 and < 1000 and var track ? track : null;
        fields.Extra = context.FolderType == MediaType.Audiobook && fields.Track is not null ? null : fields.Extra;
    }

    private static void FillFromFolders(PathContext context, int folder)
    {
        var fields = context.Fields;
        var from = new MediaFieldsBuilder();
        var hasPlace = SeriesPlace.TryRead(context.GetFolder(folder)!, BookTree.IsName(context, folder + 2), from);
        if (!hasPlace)
        {
            FillFromName(context.GetFolder(folder)!, context, folder + 1, from);
        }

        (fields.Title, fields.Author, fields.Volume, fields.Series) = (from.Title, from.Author, from.Volume ?? fields.Volume, from.Series ?? fields.Series);
        fields.Year = hasPlace ? from.Year ?? fields.Year : fields.Year ?? from.Year;
        var author = FindTopmostFolder(context, folder);
        if (from is { Volume: not null, Series: null })
        {
            BookTree.FillFromAbove(context, folder + 1, fields);
        }

        fields.Author ??= author > folder ? TitleCleaner.Clean(context.Path.Folders[author]) : null;
        fields.Series ??= from.Volume is null && author == folder + 2 ? TitleCleaner.Clean(context.Path.Folders[folder + 1]) : null;
        if (context.Path.Kind == FileKind.AudioBook && author == folder && from is { Author: null, Volume: null })
        {
            // Author/Title.m4b: with a single folder, the folder is the author and the file name the title.
            (fields.Author, fields.Title) = (from.Title, null);
            FillFromName(context.ParsedName, context, 0, fields);
        }
    }

    private static void FillFromName(ParsedName parsed, PathContext context, int above, MediaFieldsBuilder fields)
    {
        if (!AuthorSide.TryRead(parsed, context, above, fields))
        {
            BookNameParser.Fill(parsed, fields);
        }
    }

    // Author/Series/3 - 1994 - Title.m4b: the file is the book, unless its folder has the place.
    private static bool TryFillFromSeriesFile(PathContext context, int folder)
    {
        var from = new MediaFieldsBuilder();
        if (context.Path.Kind != FileKind.AudioBook || folder != 0 || !BookTree.IsName(context, 1) || SeriesPlace.TryRead(context.GetFolder(0)!, false, from)
            || !SeriesPlace.TryRead(context.ParsedName, true, from) || from.Title is null)
        {
            return false;
        }

        (context.Fields.Title, context.Fields.Volume, context.Fields.Year) = (from.Title, from.Volume, from.Year);
        BookTree.FillFromAbove(context, 0, context.Fields);
        return true;
    }

    // Author/Series/Title: the topmost folder below the library folders that belongs to the item.
    private static int FindTopmostFolder(PathContext context, int folder)
    {
        while (folder + 1 < context.Path.Folders.Count && context.FindItemFolder(folder + 1) == folder + 1)
        {
            folder++;
        }

        return folder;
    }

    private static int? FindNumberAfter(TokenizedName name, params ReadOnlySpan<string> words)
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

    private static void ConvertAlbumFields(MediaFieldsBuilder fields)
    {
        (fields.Author, fields.Artist) = (fields.Album is null || fields.Artist == fields.Album ? null : fields.Artist, null);
        (fields.Title, fields.Album) = (fields.Album ?? fields.Title, null);
        fields.AudioCodec = null;
    }

    // "Chapter 1", "Part 3 - Chapter 2", "Kapitel 4": index of the number, -1 without one.
    private static int FindChapterNumber(TokenizedName name)
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
