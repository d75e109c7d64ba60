using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Comics and manga.</summary>
internal sealed class ComicClassifier : IMediaClassifier
{
    public MediaType Type => MediaType.Comic;

    public void Score(PathContext context, ref PatternVotes votes)
    {
        if (context.Path.Kind == FileKind.Comic)
        {
            votes.Add(context, NamedPattern.ComicFile);
        }
        else if (context.Path.Kind is FileKind.Unknown or FileKind.Archive && context.ParsedName.HasTerm(TermKind.Comic))
        {
            votes.Add(context, NamedPattern.ComicTerms);
        }
        else if (context.Path.Kind == FileKind.Archive && ComicNumberParser.HasVolumeOrChapter(context.ParsedName)
            && (context.FolderType == MediaType.Comic || !HasDottedVersion(context.ParsedName)))
        {
            votes.Add(context, NamedPattern.ComicNumbering);
        }
        else if (context.FolderType == MediaType.Comic && context.Path.Kind is FileKind.Archive or FileKind.Document or FileKind.Book or FileKind.Image)
        {
            votes.Add(context, NamedPattern.ComicFile);
        }
    }

    // "v1.4" is a version, unless the archive lies among comics.
    private static bool HasDottedVersion(ParsedName parsed) =>
        ProgramNameParser.TryFindVersion(parsed, out var first, out var end) && parsed.Name.RawText(first, end - 1).Contains('.');

    public void FillFields(PathContext context)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        (fields.Season, fields.Episodes, fields.Source, fields.Part, fields.Disc, fields.Absolute) = (null, null, null, null, null, null);
        if (context.Path.Kind == FileKind.Unknown)
        {
            BookClassifier.TryReadIssue(parsed, fields);
            BookNameParser.Fill(parsed, fields);
            fields.Series = fields.Title;
            return;
        }

        fields.ReleaseGroup = parsed.LeadingGroup;
        ComicNumberParser.Fill(parsed, fields);
        if (context.ItemFolderIndex >= 0 && parsed.Name.Count == 1 && parsed.Name[0] is { IsNumber: true, Length: <= 4 })
        {
            (fields.Series, fields.Chapter) = (null, IssueNumbers.Normalize(parsed.Name.Word(0)));
        }
        else if (context.ItemFolderIndex >= 0 && fields is { Volume: null, Chapter: null } && parsed.YearIndex < 0 && parsed.Name.Count > 1
            && parsed.Name[0] is { IsNumber: true, Length: <= 3 } && parsed.Name[1].IsAfterSpacedDash)
        {
            // Series/12 - Title.cbz
            (fields.Series, fields.Chapter) = (null, IssueNumbers.Normalize(parsed.Name.Word(0)));
        }

        if (fields.Series is null && context.ItemFolderIndex >= 0)
        {
            FillFromFolders(context, fields);
        }

        fields.Title = fields.Series;
    }

    // Series/Vol. 03/Chapter 12.cbz
    private static void FillFromFolders(PathContext context, MediaFieldsBuilder fields)
    {
        var at = context.ItemFolderIndex;
        var volume = new MediaFieldsBuilder();
        ComicNumberParser.Fill(context.GetFolder(at)!, volume);
        if (volume is { Series: null, Volume: not null } && context.FindItemFolder(at + 1) is >= 0 and var above)
        {
            fields.Volume ??= volume.Volume;
            at = above;
        }

        var folder = context.GetFolder(at)!;
        fields.Series = (folder.YearIndex > 0 ? ReleaseTitle.From(folder) : null) ?? TitleCleaner.Clean(context.Path.Folders[at]);
        fields.Year ??= folder.Fields.Year;
    }
}
