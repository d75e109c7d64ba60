using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Types;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>Decides whether the words of a file's name say anything that its folder's name does not say better.</summary>
internal static class NamelessWords
{
    private const int MaxWords = 4;
    private const int MaxTagLength = 8;
    private const int MinLongNumber = 5;

    // "1917" and "1408" are films, "7" is hardly one.
    private const int MaxCounterLength = 3;

    public static bool SayNothing(MediaPath path, ParsedName parsed, FolderHints hints, int at, bool hasGroup)
    {
        var owner = hints.GetFolder(at)!;
        var isRelease = FilmClassifier.HasVideoTerms(owner);
        if (parsed.Name.Count == 0 || RandomLetters.IsHash(path.Stem.Text) || (isRelease && owner.DateIndex >= 0 && parsed is { Episode: null, DateIndex: < 0, YearIndex: < 0 }))
        {
            return true;
        }

        // A camcorder counts its recordings: outside of films and series, a number is not the folder's.
        var isWork = isRelease || hints.FolderType is not null || owner is { YearIndex: >= 0 } or { Episode: not null };
        var show = FindShow(hints, at);
        var isEpisode = IsEpisodeOf(parsed, owner, show);
        var (words, numbers, random, placeholders, first, last) = Count(parsed, isWork, isEpisode ? show : null);
        if (words is 0 or > MaxWords)
        {
            // "cd1" alone; an episode's number alone has its season's folder.
            return words == 0 && isRelease && parsed.Fields is { Part: not null, Episodes: null };
        }

        if (random > 0 && random + numbers == words)
        {
            return true;
        }

        var isNumber = numbers == 1 && words == 1 && parsed.Episode is null;
        if (placeholders == words || IsRippedTitle(parsed.Name)
            || (isNumber && (owner is { Episode: not null } or { DateIndex: >= 0 } || (hints.FolderType == MediaType.Movie && parsed.Name[first].Length <= MaxCounterLength))))
        {
            return path.Kind == FileKind.Video && parsed.YearIndex < 0;
        }

        return !CollectionTitle.IsOfFilms(owner) && IsCutShort(parsed, owner, show, isEpisode, hasGroup, first, last);
    }

    // The series' folder of a season's, otherwise the folder itself.
    private static ParsedName FindShow(FolderHints hints, int at)
    {
        while (SeasonFolders.TryRead(hints.Folders.GetTokenizedName(at), out _) && at + 1 < hints.Folders.Names.Count && !hints.IsLibraryFolder(at + 1))
        {
            at++;
        }

        return hints.GetFolder(at)!;
    }

    // "204", "E04" and "S02E04" in season 2 of a show: such a file belongs to it, whatever a few letters in front may mean.
    private static bool IsEpisodeOf(ParsedName parsed, ParsedName owner, ParsedName show)
    {
        if (show.TitleEnd <= show.Start || !NamelessFile.IsSeason(owner, out var season) || season < 1)
        {
            return false;
        }

        return parsed.Fields.Episodes is not null && (parsed.Fields.Season is not null || parsed.Episode?.Pattern == NamedPattern.EpisodeWord) ? (parsed.Fields.Season ?? season) == season
            : FindNumber(parsed) is var number && number / 100 == season && number % 100 > 0;
    }

    private static (int Words, int Numbers, int Random, int Placeholders, int First, int Last) Count(ParsedName parsed, bool isWork, ParsedName? show)
    {
        var (words, numbers, random, placeholders, first, last) = (0, 0, 0, 0, -1, -1);
        for (var i = 0; i < parsed.Name.Count && words <= MaxWords; i++)
        {
            if (IsMark(parsed, i))
            {
                continue;
            }

            var word = parsed.Name.Word(i);
            if (parsed.Name[i].IsNumber)
            {
                numbers += word.Length < MinLongNumber ? 1 : 0;
                random += word.Length >= MinLongNumber && isWork ? 1 : 0;
            }
            else
            {
                random += RandomLetters.IsRandom(parsed.Name.RawText(i, i)) || (show is not null && StandsBeforeNumber(parsed, first, i) && MayBeRandom(show, word)) ? 1 : 0;
                placeholders += IsPlaceholder(word.TrimEnd("0123456789")) || IsTitleNumber(word) ? 1 : 0;
            }

            (first, last, words) = (first < 0 ? i : first, i, words + 1);
        }

        return (words, numbers, random, placeholders, first, last);
    }

    // What stands behind the number of an episode may be its title.
    private static bool StandsBeforeNumber(ParsedName parsed, int first, int i) => !(i > parsed.Episode?.First) && (first < 0 || !parsed.Name[first].IsNumber);

    private static bool MayBeRandom(ParsedName show, ReadOnlySpan<char> word) => RandomLetters.MayBeRandom(word) && !ContainsWord(show, show.TitleEnd, word);

    /// <summary>The last number of the name that may be an episode's, in "305" or "hs305"; -1 without one.</summary>
    public static int FindNumber(ParsedName parsed)
    {
        for (var i = parsed.Name.Count - 1; i >= 0; i--)
        {
            if (IsMark(parsed, i) || RandomLetters.IsRandom(parsed.Name.RawText(i, i)))
            {
                continue;
            }

            var word = parsed.Name.Word(i);
            var digits = new DigitScanner(word[word.TrimEnd("0123456789").Length..]);
            if (digits.TryRead(4, out var number))
            {
                return number;
            }
        }

        return -1;
    }

    // Words that another reader understood: an episode, a part, a release word, the group. In front of all that, "hs" and "ma" are no release words.
    private static bool IsMark(ParsedName parsed, int i) => parsed.RoleAt(i) switch
    {
        TokenRole.None => i == parsed.GroupIndex,
        TokenRole.Term => i >= parsed.TitleEnd,
        _ => !StartsEpisode(parsed, i),
    };

    // "tks01e03": the letters in front are the title.
    private static bool StartsEpisode(ParsedName parsed, int i) => parsed.Episode is { TitlePrefixLength: > 0 } glued && i == glued.First;

    private static bool IsPlaceholder(ReadOnlySpan<char> word) => word is "video" or "movie" or "film" or "title" or "untitled" or "unnamed" or "feature" or "main";

    // B1_t03: how a program that copies discs numbers their titles.
    private static bool IsRippedTitle(TokenizedName name) =>
        name[name.Count - 1] is { Length: 3, SeparatorBefore: Separator.Underscore } && IsTitleNumber(name.Word(name.Count - 1));

    // title_t00
    private static bool IsTitleNumber(ReadOnlySpan<char> word) => word.Length is 3 or 4 && word[0] == 't' && !word[1..].ContainsAnyExceptInRange('0', '9');

    // One word is the title cut short; another may be the group, in front or behind.
    private static bool IsCutShort(ParsedName parsed, ParsedName owner, ParsedName show, bool isEpisode, bool hasGroup, int first, int last)
    {
        var name = parsed.Name;
        var group = owner.Fields.ReleaseGroup;
        var (shortened, others, tags) = (0, 0, hasGroup ? 1 : 0);
        for (var i = first; i <= last; i++)
        {
            if (IsMark(parsed, i) || name[i].IsNumber)
            {
                continue;
            }

            var raw = name.RawText(i, i);
            if (raw.ContainsAnyInRange('A', 'Z') && raw.ContainsAnyInRange('a', 'z'))
            {
                return false;
            }

            if (group is { Length: > 1 } && raw.Equals(group, StringComparison.OrdinalIgnoreCase))
            {
                tags++;
            }
            else if (IsShortened(parsed, i, show, isEpisode && StandsBeforeNumber(parsed, first, i), tags > 0))
            {
                shortened++;
            }
            else if (++others > 1 || (i != first && i != last) || raw.Length > MaxTagLength || name.Count == 1 || (isEpisode && ContainsWord(show, show.TitleEnd, name.Word(i))))
            {
                return false;
            }
        }

        var isWhole = others == 1 && shortened == 0 && tags > 0 && owner.Episode is not { Episodes: null };
        var isNumberOfGroup = others == 0 && shortened == 0 && tags > 0 && isEpisode;
        return isWhole || isNumberOfGroup || (shortened == 1 && (others == 0 || HasDash(name, first, last) || (isEpisode && EndsWithNumber(parsed, last))));
    }

    private static bool HasDash(TokenizedName name, int first, int last) =>
        first < last && (name[first + 1].IsAfterTightDash || name[last].IsAfterTightDash);

    private static bool EndsWithNumber(ParsedName parsed, int last) => char.IsAsciiDigit(parsed.Name.Word(last)[^1]) || parsed.Episode?.First > last;

    private static bool IsShortened(ParsedName parsed, int i, ParsedName show, bool isEpisode, bool hasTag)
    {
        var whole = parsed.Name.Word(i);
        var word = StartsEpisode(parsed, i) ? whole[..parsed.Episode!.TitlePrefixLength] : whole.TrimEnd("0123456789");
        var end = CollectionTitle.FindEnd(show);
        if (isEpisode && word.Length < whole.Length && ContainsWord(show, end, word))
        {
            return true;
        }

        var isCautious = !hasTag && !isEpisode && !FilmClassifier.HasVideoTerms(show);
        return !word.IsEmpty && (hasTag || !ContainsWord(show, end, word)) && Abbreviation.IsOf(word, show.Name, show.Start, end, isCautious);
    }

    private static bool ContainsWord(ParsedName owner, int end, ReadOnlySpan<char> word)
    {
        for (var i = owner.Start; i < end; i++)
        {
            if (owner.Name.Word(i).SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }
}
