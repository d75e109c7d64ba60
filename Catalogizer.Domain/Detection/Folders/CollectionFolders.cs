using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;
using Catalogizer.Domain.Detection.Types;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>
/// Folders of several films. Their name and a number in front of a film's own title only sort it: "Title Trilogy - 2 - Own Title", "02 - Own Title".
/// </summary>
internal static class CollectionFolders
{
    /// <summary>The number of words in front of a film's own title; 0 when it starts with that.</summary>
    public static int CountLeadingWords(TokenizedName name, ParsedName? folder, MediaType? folderType)
    {
        if (name.Count < 2 || folderType is not (null or MediaType.Movie))
        {
            return 0;
        }

        var end = SkipCollectionName(name);
        var isBelow = IsCollection(folder, folderType);
        if (end == 0 && isBelow)
        {
            end = SkipSameWords(name, folder!);
        }

        var hasNumber = end < name.Count && IsNumber(name, end);
        var title = hasNumber ? end + 1 : end;
        var isSetOff = title < name.Count && (IsSetOff(name, title) || (hasNumber && end > 0 && CollectionWords.IsCollectionWord(name.Word(end - 1)) && isBelow));
        return title > 0 && isSetOff && StartsTitle(name, title) && (isBelow || (hasNumber && end > 0)) && (hasNumber || CollectionWords.IsCollectionWord(name.Word(end - 1))) ? title : 0;
    }

    private static bool IsCollection(ParsedName? folder, MediaType? folderType) =>
        folder is not null && (CollectionTitle.IsOfFilms(folder) || (folderType == MediaType.Movie && folder.Episode is null && CollectionTitle.IsCollection(folder)));

    // The end of "Title Trilogy" in front of a number.
    private static int SkipCollectionName(TokenizedName name)
    {
        for (var i = 1; i + 2 < name.Count && i < 10; i++)
        {
            if (CollectionWords.IsCollectionWord(name.Word(i)) && (IsNumber(name, i + 1) || name[i + 1].IsAfterSpacedDash))
            {
                return i + 1;
            }
        }

        return 0;
    }

    // "Title" of the folder "Title Collection", only in front of a number that dashes set off: "Title - 2 - Own Title".
    private static int SkipSameWords(TokenizedName name, ParsedName folder)
    {
        var end = CollectionTitle.FindEndOfName(folder);
        var same = 0;
        while (same < end - folder.Start && same < name.Count && name.Word(same).SequenceEqual(folder.Name.Word(folder.Start + same)))
        {
            same++;
        }

        return same == end - folder.Start && same + 1 < name.Count && IsNumber(name, same) && name[same].IsAfterSpacedDash && name[same + 1].IsAfterSpacedDash ? same : 0;
    }

    private static bool IsNumber(TokenizedName name, int i) => name[i] is { IsNumber: true, Length: <= 2 };

    // "2 - Title", "2. Title", "02 Title", "[2] Title"
    private static bool IsSetOff(TokenizedName name, int title)
    {
        var before = name[title].SeparatorBefore;
        return name[title].IsAfterSpacedDash || before == (Separator.Dot | Separator.Space)
            || (title > 0 && IsNumber(name, title - 1) && ((before & Separator.Close) != 0 || (name.Word(title - 1)[0] == '0' && before != Separator.Dash)));
    }

    private static bool StartsTitle(TokenizedName name, int title) => !name[title].IsNumber || !(name[title].Length == 4 && (name[title].BracketGroup != 0 || title + 1 == name.Count));
}
