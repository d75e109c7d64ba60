using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Types;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>
/// Episodes that are detected only with the help of their folder: "Show/Season 01/03 - Title", "Show/12", "Show.S01E02.1080p/abc123".
/// </summary>
internal static class EpisodeFolders
{
    public static bool TryRead(PathContext context, out NamedPattern pattern)
    {
        pattern = NamedPattern.SeasonFolder;
        if (TryReadSeason(context, out _))
        {
            return context.ParsedName.YearIndex < 0 || context.ParsedName.Episode is not null || SeasonFolders.TryRead(context.Path.GetFolder(0), out _);
        }

        var parsed = context.ParsedName;
        if (context.Path.Folders.Count == 0)
        {
            pattern = NamedPattern.Cross;
            return context.Path.Kind == FileKind.Video && HasLeadingPair(parsed);
        }

        if (parsed.Episode is not null || parsed.YearIndex >= 0 || parsed.DateIndex >= 0)
        {
            return false;
        }

        if (context.ItemFolderIndex >= 0 && context.ItemFolderIndex < 2 && context.GetFolder(context.ItemFolderIndex) is { Episode.Episodes: not null } folder)
        {
            pattern = folder.Episode.Pattern;
            return true;
        }

        pattern = NamedPattern.Absolute;
        return context.Path.Kind == FileKind.Video && context.ItemFolderIndex == 0 && ShowNumber.Find(context) >= 0;
    }

    public static void Fill(PathContext context)
    {
        var (parsed, fields) = (context.ParsedName, context.Fields);
        if (TryReadSeason(context, out var season))
        {
            RemoveSeasonFromNumber(context, season);
            fields.Season ??= fields.Seasons is null ? season : null;
            if (parsed.Start < parsed.Name.Count && context.ExtraType is null && parsed.BonusIndex < 0 && !TryReadLeadingNumber(parsed, season) && fields.Episodes is null && !TryReadSpelled(parsed))
            {
                ReadNumber(parsed, season);
                if (fields.Episodes is null && ShowNumber.FindInSeason(context) is >= 0 and var at)
                {
                    SetEpisodes(parsed, at, at, [parsed.Name.Number(at)]);
                }
            }
        }
        else if (parsed.Episode is null && context.Path.Folders.Count == 0 && HasLeadingPair(parsed))
        {
            fields.Season = parsed.Name.Number(0);
            SetEpisodes(parsed, 0, 1, [parsed.Name.Number(1)]);
        }
        else if (parsed.Episode is null && parsed.YearIndex < 0 && parsed.DateIndex < 0 && context.ItemFolderIndex >= 0)
        {
            FillFromFolder(context);
        }
    }

    private static void FillFromFolder(PathContext context)
    {
        var fields = context.Fields;
        if (context.GetFolder(context.ItemFolderIndex) is { Episode.Episodes: not null } folder)
        {
            var from = folder.Fields;
            fields.Title = ReleaseTitle.FromVideo(folder);
            fields.EpisodeTitle = ReleaseTitle.FromEpisode(folder);
            (fields.Season, fields.Episodes, fields.Year, fields.Date) = (from.Season, from.Episodes, from.Year, from.Date);
            fields.InheritQuality(from);
        }
        else if (ShowNumber.Find(context) is >= 0 and var at)
        {
            SetEpisodes(context.ParsedName, at, at, [context.ParsedName.Name.Number(at)]);
        }
    }

    /// <summary>The season of the folder that contains the file: "Season 01", or a release of a whole season.</summary>
    public static bool TryReadSeason(PathContext context, out int season)
    {
        var at = context.ExtraType is null ? 0 : 1;
        var folder = context.Path.GetFolder(at);
        if (SeasonFolders.TryRead(folder, out season) || (IsBareEpisode(context.ParsedName) && SeasonFolders.TryReadBook(folder, out season)))
        {
            return true;
        }

        if (context.ItemFolderIndex == at && context.GetFolder(at) is { Episode: { Season: { } packed, Episodes: null } })
        {
            season = packed;
            return true;
        }

        return false;
    }

    // "Episode 4", and "2x04" without a title in front
    private static bool IsBareEpisode(ParsedName parsed) =>
        parsed.Episode is { Episodes: not null } episode && (episode.Pattern == NamedPattern.EpisodeWord || (episode.Pattern == NamedPattern.Cross && episode.First == parsed.Start));

    // "Show - 208 - Title" in season 2, unless the name is in the anime manner: there numbers count through the whole series.
    private static void RemoveSeasonFromNumber(PathContext context, int season)
    {
        var parsed = context.ParsedName;
        if (season > 0 && context.ExtraType is null && parsed is { LeadingGroup: null, Fields.Season: null, Episode: { Pattern: var pattern, Episodes: { } numbers } found } && pattern == NamedPattern.Absolute
            && numbers.TrueForAll(number => number / 100 == season && number % 100 is > 0 and <= FolderNumbering.MaxEpisodesOfSeason))
        {
            SetEpisodes(parsed, found.First, found.Last, numbers.ConvertAll(number => number % 100));
        }
    }

    // "03 - Title", "03. Title": in a season folder the leading number is the episode, whatever numbers the title contains.
    private static bool TryReadLeadingNumber(ParsedName parsed, int season)
    {
        var name = parsed.Name;
        if (name.Count < 2 || name.Number(0) < 0 || name[0].Length > 3 || !(name[1].IsAfterSpacedDash || name[1].SeparatorBefore == (Separator.Dot | Separator.Space))
            || parsed.DateIndex >= 0 || !(parsed.Episode is null || (parsed.Episode.Pattern == NamedPattern.Absolute && parsed.Episode.First > 0)))
        {
            return false;
        }

        var number = name.Number(0);
        if (name[0].Length == 3 && number / 100 == season && season > 0 && number % 100 > 0)
        {
            number %= 100;
        }

        if (parsed.Episode is { } other)
        {
            parsed.SetRole(other.First, other.Last, TokenRole.None);
            parsed.Fields.Seasons = null;
        }

        SetEpisodes(parsed, 0, 0, [number]);
        if (parsed.YearIndex > 0 && name[parsed.YearIndex].BracketGroup == 0)
        {
            parsed.SetRole(parsed.YearIndex, parsed.YearIndex, TokenRole.None);
            (parsed.YearIndex, parsed.Fields.Year) = (-1, null);
        }

        if (parsed.WeakTermsStart >= name.Count)
        {
            ClearTitleWordRoles(parsed);
        }

        return true;
    }

    // Without a strong term, "Speaking French" and "Uncut" are titles.
    private static void ClearTitleWordRoles(ParsedName parsed)
    {
        for (var i = 1; i < parsed.Name.Count; i++)
        {
            if (parsed.TermAt(i) is not null && parsed.Name[i].BracketGroup == 0)
            {
                parsed.SetRole(i, i, TokenRole.None);
                (parsed.Fields.Edition, parsed.Fields.Proper, parsed.Fields.Source, parsed.Fields.AudioCodec, parsed.Fields.ReleaseGroup) = (null, false, null, null, null);
                parsed.GroupIndex = -1;
            }
        }
    }

    // "Episode IX": in a season's folder it is no film's.
    private static bool TryReadSpelled(ParsedName parsed)
    {
        List<int> episodes = [];
        for (var i = parsed.Start; parsed.Episode is null && i < parsed.Name.Count; i++)
        {
            if (parsed.IsClaimable(i) && EpisodePhrase.TryRead(parsed, i, true, episodes, out var last))
            {
                SetEpisodes(parsed, i, last, episodes);
                return true;
            }
        }

        return false;
    }

    // "03 - Title", "02-03 - Title", "01. Title"; "Show 105" and "105" in season 1. Without a number, the whole name is the episode title.
    private static void ReadNumber(ParsedName parsed, int season)
    {
        var first = parsed.Start;
        for (var i = first; i < parsed.Name.Count; i++)
        {
            if (parsed.Name[i].Length is 3 or 4 && parsed.IsClaimable(i) && parsed.Name.Number(i) / 100 == season && season > 0 && parsed.Name.Number(i) % 100 > 0)
            {
                SetEpisodes(parsed, i, i, [parsed.Name.Number(i) % 100]);
                return;
            }
        }

        if (parsed.Name[first].Length > 3 || parsed.Name.Number(first) < 0)
        {
            return;
        }

        List<int> episodes = [parsed.Name.Number(first)];
        var last = first;
        if (last + 1 < parsed.Name.Count && parsed.IsFree(first))
        {
            EpisodeSequence.Continue(parsed, null, episodes, ref last);
        }

        SetEpisodes(parsed, first, last, episodes);
    }

    // "11-02 Title": season and episode, used for files without a folder.
    private static bool HasLeadingPair(ParsedName parsed)
    {
        var name = parsed.Name;
        return name.Count > 2 && name[0].Length == 2 && name[1].Length == 2 && name.Number(0) > 0 && name.Number(1) > 0
            && name[1].IsAfterTightDash && name[2].SeparatorBefore == Separator.Space && parsed is { YearIndex: < 0, DateIndex: < 0 };
    }

    private static void SetEpisodes(ParsedName parsed, int first, int last, List<int> episodes)
    {
        parsed.Fields.Episodes = episodes;
        parsed.SetRole(first, last, TokenRole.Episode);
        parsed.TitleEnd = Math.Min(parsed.TitleEnd, first);
        parsed.Episode = new EpisodePatternResult(NamedPattern.SeasonFolder, first, last) { Episodes = episodes };
        parsed.AddClue("episodes", episodes[0], 0.85, "number in its folder", first, last);
    }
}
