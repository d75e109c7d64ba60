using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>Folders that hold one season: "Season 01", "S02", "Staffel 3", "2. Staffel", "Saison VIII", "Series 4", "Specials", "Season 2 - Its Title".</summary>
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
            if (!SeasonPhrase.TryReadBefore(folder, 0, out season, out last)
                && !SeasonPhrase.TryReadBehind(folder, 0, folder.Word(0) is "series" or "tem" or "stag" or "sez", out season, out last))
            {
                return false;
            }
        }

        return EndsAfter(folder, last);
    }

    /// <summary>"Livre II", "Book 1", "T2": a season only when the files in it are episodes.</summary>
    public static bool TryReadBook(TokenizedName? folder, out int season)
    {
        season = 0;
        if (folder is { Count: 1 } && folder.Word(0) is ['t', .. var number])
        {
            var digits = new DigitScanner(number);
            return digits.TryRead(2, out season) && digits.IsAtEnd;
        }

        return folder is { Count: > 1 } && EpisodeTerms.IsWeakSeasonWord(folder.Word(0)) && SeasonPhrase.TryRead(folder, 0, out season, out var last)
            && EndsAfter(folder, last);
    }

    private static bool EndsAfter(TokenizedName folder, int last) => last + 1 >= folder.Count || folder[last + 1].IsAfterSpacedDash || folder[last + 1].BracketGroup != 0
        || (folder.Is(0, "season") && folder[last + 1].SeparatorBefore == Separator.Space)
        || (Lexicon.TryFind(folder.Word(last + 1), out var term) && term.Kind is TermKind.Language or TermKind.Resolution or TermKind.Source);
}
