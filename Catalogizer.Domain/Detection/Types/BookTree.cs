using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>The folders of books: Author/Series/Title, where the author is the folder above the series.</summary>
internal static class BookTree
{
    /// <summary>Whether the folder can name an author or a series. Below a folder for books, "Test" can be a person.</summary>
    public static bool IsName(PathContext context, int folder)
    {
        var folders = context.Path.Folders;
        return folder >= 0 && folder < folders.Count
            && (!LibraryFolders.IsLibraryFolder(folders[folder], out var type) || (type is null && folders.Skip(folder + 1).Any(HasType)));
    }

    /// <summary>Author and series of a book that has a place in its series and lies directly below <paramref name="above"/>.</summary>
    public static void FillFromAbove(PathContext context, int above, MediaFieldsBuilder fields)
    {
        if (!IsName(context, above))
        {
            return;
        }

        var hasSeries = IsName(context, above + 1);
        if (fields.Author is null)
        {
            fields.Author = TitleCleaner.Clean(context.Path.Folders[hasSeries ? above + 1 : above]);
        }
        else
        {
            hasSeries = hasSeries && PersonNames.AreSame(context.Path.Folders[above + 1], fields.Author);
        }

        fields.Series ??= hasSeries ? ReadName(context, above) : null;
    }

    /// <summary>The name of a series folder, without a year in brackets behind it.</summary>
    public static string? ReadName(PathContext context, int folder)
    {
        var parsed = context.GetFolder(folder)!;
        return parsed.YearIndex > 0 && parsed.Name[parsed.YearIndex].BracketGroup != 0 ? ReleaseTitle.From(parsed) : TitleCleaner.Clean(context.Path.Folders[folder]);
    }

    /// <summary>
    /// Whether a folder from <paramref name="first"/> up is the author's. Audiobooks lie in folders of authors; books also in folders of genres, so
    /// that one must be named like a person.
    /// </summary>
    public static bool HasAuthorFolder(PathContext context, int first)
    {
        if (context.Path.Kind is not (FileKind.Book or FileKind.Document))
        {
            return IsName(context, first);
        }

        for (var i = first; i < context.Path.Folders.Count; i++)
        {
            if (PersonNames.LooksLikePeople(context.Path.Folders[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasType(string folder) => LibraryFolders.IsLibraryFolder(folder, out var type) && type is not null;
}
