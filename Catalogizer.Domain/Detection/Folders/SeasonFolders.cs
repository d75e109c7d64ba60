using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>Folders that hold one season: "Season 01", "S02", "Staffel 3", "Series 4", "Specials", "Season 2 - Its Title".</summary>
internal static class SeasonFolders
{
    public static bool TryRead(TokenizedName? folder, out int season)
    {
        season = 0;
        if (folder is not { Count: > 0 })
        {
            return false;
        }

        if (folder.Count == 1 && folder.Word(0) is "specials" or "special")
        {
            return true;
        }

        var last = 0;
        if (!EpisodeTerms.TryReadSeason(folder.Word(0), out season))
        {
            if (!(EpisodeTerms.IsSeasonWord(folder.Word(0)) || folder.Is(0, "series")) || folder.Number(1) < 0 || folder[1].Length > 4)
            {
                return false;
            }

            season = folder.Number(1);
            last = 1;
        }

        return last + 1 >= folder.Count || folder[last + 1].IsAfterSpacedDash || folder[last + 1].BracketGroup != 0
            || (folder.Is(0, "season") && folder[last + 1].SeparatorBefore == Separator.Space);
    }
}
