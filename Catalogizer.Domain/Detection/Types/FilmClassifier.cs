using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

internal sealed class FilmClassifier : IMediaClassifier
{
    public MediaType Type => MediaType.Movie;

    public void Score(PathContext context, ref PatternVotes votes)
    {
        var parsed = context.ParsedName;
        var outrankedBy = parsed.Episode is not null ? "an episode outranks a film" : parsed.DateIndex >= 0 ? "an air date outranks a film" : null;
        if (outrankedBy is not null && !context.ShouldExplain)
        {
            return;
        }

        if (parsed.YearIndex >= 0)
        {
            var name = parsed.Name;
            var dashed = name[parsed.YearIndex] is { BracketGroup: 0, IsAfterSpacedDash: true };
            var bareDisc = context.Path.Kind is FileKind.DiscImage or FileKind.Archive && !HasVideoTerms(parsed) && name[parsed.YearIndex].BracketGroup == 0;
            Vote(context, ref votes, dashed ? NamedPattern.FilmDashYear : NamedPattern.FilmYear, outrankedBy, IsBareArchive(context) ? -0.8 : bareDisc ? -0.5 : 0);
        }
        else if (HasVideoTerms(parsed))
        {
            Vote(context, ref votes, NamedPattern.FilmRelease, outrankedBy);
        }

        if (context.Path.Kind == FileKind.Video)
        {
            Vote(context, ref votes, NamedPattern.FilmFile, outrankedBy, FindYearFolder(context) >= 0 ? 0.3 : 0);
            if (context.ExtraType is null && FilmWords.IsIn(parsed))
            {
                Vote(context, ref votes, NamedPattern.FilmWord, outrankedBy);
            }
        }
    }

    private static void Vote(PathContext context, ref PatternVotes votes, NamedPattern pattern, string? outrankedBy, double bonus = 0)
    {
        if (outrankedBy is null)
        {
            votes.Add(context, pattern, bonus: bonus);
        }
        else
        {
            votes.AddOutranked(context, pattern, bonus, outrankedBy);
        }
    }

    public void FillFields(PathContext context)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        VersionMark.Claim(parsed);
        fields.Title = ReleaseTitle.FromVideo(parsed);
        var folder = FindYearFolder(context);
        var hasNumber = folder >= 0 && StartsWithNumberOf(context.GetFolder(folder)!, parsed);
        if (folder >= 0 && (parsed.YearIndex < 0 || fields.Title is null || hasNumber))
        {
            var owner = context.GetFolder(folder)!;
            fields.Title = ReleaseTitle.FromVideo(owner) ?? fields.Title;
            fields.Year = hasNumber ? owner.Fields.Year : fields.Year ?? owner.Fields.Year;
            fields.InheritQuality(owner.Fields);
        }

        else if (context.ExtraType is not null && context.ItemFolderIndex == 1 && parsed.YearIndex < 0)
        {
            fields.Title = ReleaseTitle.From(context.GetFolder(1)!) ?? fields.Title;
        }

        if (folder >= 0)
        {
            fields.TmdbId ??= context.GetFolder(folder)!.Fields.TmdbId;
            fields.ImdbId ??= context.GetFolder(folder)!.Fields.ImdbId;
        }

        if (context.GetFolder(context.ItemFolderIndex) is { } collection && CollectionTitle.IsOfFilms(collection))
        {
            fields.InheritQuality(collection.Fields);
        }

        fields.Part ??= context.Disc;

        fields.Disc = null;
    }

    // "2001 Title (1968)/2001 - Title": the folder has a year of its own, so that the number in front belongs to the title.
    private static bool StartsWithNumberOf(ParsedName folder, ParsedName file) =>
        file.YearIndex == 0 && folder.YearIndex > 0 && folder.Name[folder.YearIndex].BracketGroup != 0 && folder.Name.Number(0) == file.Fields.Year;

    // Any archive can have a year: without a word about pictures it is a film only in the folder of one, or below "Movies".
    private static bool IsBareArchive(PathContext context) =>
        context.Path.Kind == FileKind.Archive && context.FolderType != MediaType.Movie && !HasVideoTerms(context.ParsedName) && FindYearFolder(context) < 0;

    public static bool HasVideoTerms(ParsedName parsed) =>
        parsed.HasTerm(TermKind.Resolution) || parsed.HasTerm(TermKind.Source) || parsed.HasTerm(TermKind.VideoCodec) || parsed.HasTerm(TermKind.Hdr) || parsed.HasTerm(TermKind.ThreeD);

    /// <summary>Index of the folder of a film, "Title (1999)"; -1 when the nearest item folder is not one.</summary>
    private static int FindYearFolder(PathContext context)
    {
        var folder = context.ItemFolderIndex;
        return folder >= 0 && folder <= 2 && context.GetFolder(folder) is { YearIndex: >= 0, IsYearSpan: false, Episode: null } ? folder : -1;
    }
}
