using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Courses, paths that no other classifier claims, and those whose type is known only from a library folder.</summary>
internal sealed class OtherClassifier : IMediaClassifier
{
    public MediaType Type => MediaType.Other;

    public void Score(PathContext context, ref PatternVotes votes)
    {
        if (IsCourseFile(context))
        {
            votes.Add(context, NamedPattern.Course);
        }

        if (context.FolderType is { } folderType)
        {
            votes.Add(context, NamedPattern.LibraryFolder, folderType);
        }
    }

    public void FillFields(PathContext context)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        if (IsCourseByName(context))
        {
            Courses.Fill(parsed, fields);
        }
        else if (IsInCourse(context))
        {
            var course = new MediaFieldsBuilder { Year = context.GetFolder(context.CourseFolderIndex)!.Fields.Year };
            Courses.Fill(context.GetFolder(context.CourseFolderIndex)!, course);
            (fields.Title, fields.Year) = (course.Title, course.Year);
            (fields.Season, fields.Episodes, fields.Track, fields.Part) = (null, null, null, null);
        }
        else
        {
            fields.Title = ReleaseTitle.From(parsed);
        }
    }

    private static bool IsCourseFile(PathContext context) => IsCourseByName(context) || IsInCourse(context);

    private static bool IsInCourse(PathContext context) =>
        context.CourseFolderIndex >= 0 && context.Path.Kind is FileKind.Video or FileKind.Audio or FileKind.Document or FileKind.Archive or FileKind.Unknown;

    private static bool IsCourseByName(PathContext context) => context.Path.Kind is FileKind.Video or FileKind.Archive or FileKind.DiscImage or FileKind.Unknown
        && (Courses.TryFind(context.ParsedName, out _, out _) || (context.FolderType is null or MediaType.Software && Courses.EndsWithTutorial(context.ParsedName)));
}
