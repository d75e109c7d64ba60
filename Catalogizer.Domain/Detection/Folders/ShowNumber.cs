using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Types;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>A bare number that is an episode because its folder is the show's: "Show/12", "Show/02.Title", "Show/Show 889".</summary>
internal static class ShowNumber
{
    /// <summary>Index of the number of a file in its show's folder; -1 for anything else.</summary>
    public static int Find(PathContext context)
    {
        var name = context.Path.Stem;
        var show = context.Path.GetFolder(context.ItemFolderIndex)!;
        if (name.Count == 0 || show.Count == 0 || context.GetFolder(context.ItemFolderIndex)!.Fields.Year is not null && name.Count == 1 && show[0].Length == name[0].Length)
        {
            return -1;
        }

        if (name.Number(0) >= 0 && name[0].Length <= 3 && !name.Is(0, show.Word(0).ToString()))
        {
            var padded = name.Word(0)[0] == '0';
            return name.Count == 1 || (padded && (name[1].SeparatorBefore & (Separator.Dot | Separator.Dash)) != 0) ? 0 : -1;
        }

        return FindBehind(context.ParsedName, show, context.FolderType == MediaType.TvShow);
    }

    /// <summary>Index of the number in "Show/Season 1/Show 3"; -1 for anything else.</summary>
    public static int FindInSeason(PathContext context) =>
        context.ParsedName.Episode is null && context.Path.GetFolder(context.FindItemFolder(1)) is { } show ? FindBehind(context.ParsedName, show, true) : -1;

    // "Show 89", and among series "Show 9" and "Show 89 - Title"; elsewhere these are films of a collection.
    private static int FindBehind(ParsedName parsed, TokenizedName show, bool isSeries)
    {
        var name = parsed.Name;
        var at = 0;
        while (at < show.Count && show[at].BracketGroup == 0 && at < name.Count && name.Word(at).SequenceEqual(show.Word(at)))
        {
            at++;
        }

        return at > 0 && (at == show.Count || show[at].BracketGroup != 0) && at < name.Count && name[at].Length <= 3 && name[at].Length >= (isSeries ? 1 : 2)
            && name.Number(at) > 0 && (at + 1 == name.Count || (isSeries && name[at + 1].IsAfterSpacedDash)) ? at : -1;
    }
}
