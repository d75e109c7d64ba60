using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Folders that hold one season: "Season 01", "S02", "Staffel 3", "Series 4", "Specials", "Season 2 - Its Title".</summary>
internal static class SeasonFolders
{
    public static bool TryRead(NameText? folder, out int season)
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
        if (!EpisodeWords.TrySeasonWord(folder.Word(0), out season))
        {
            if (!(EpisodeWords.IsSeason(folder.Word(0)) || folder.Is(0, "series")) || folder.Number(1) < 0 || folder[1].Length > 4)
            {
                return false;
            }

            season = folder.Number(1);
            last = 1;
        }

        return last + 1 >= folder.Count || folder[last + 1].AfterSpacedDash || folder[last + 1].Group != 0
            || (folder.Is(0, "season") && folder[last + 1].Before == Gap.Space);
    }
}
