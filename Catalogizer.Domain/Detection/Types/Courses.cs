using System.Collections.Frozen;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Courses: marked BOOKWARE, ELEARNING or Tutorial behind the title, or sold by a publisher that stands in front of it.</summary>
internal static class Courses
{
    private const int MaxPublisherWords = 3;
    private const int MaxFolders = 5;

    // Publishers that sell nothing but courses: their name alone marks one.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> CoursePlatforms = WordSet.Create(
        "udemy|udemy com|pluralsight|pluralsight com|linkedin learning|lynda com|skillshare|skillshare com"
        + "|coursera|coursera org|udacity|domestika|domestika com|cbt nuggets|cbtnuggets|infiniteskills|infinite skills"
        + "|digital tutors|digitaltutors|tutsplus|linux academy|linuxacademy|acloudguru|a cloud guru"
        + "|cloud academy|frontendmasters|frontend masters|egghead io|itprotv|itpro tv|trainsignal|train simple|total training|kelbyone|kelby training"
        + "|creativelive|fxphd|macprovideo|ask video|groove3|video2brain|stone river elearning|stackskills"
        + "|zenva|datacamp|codecademy|laracasts|futurelearn|simplilearn|whizlabs", StringComparer.Ordinal);

    // These publish books and more as well, or are ordinary words: they leave the title only where something else marks the course.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Publishers = WordSet.Create(
        "packt|packtpub|packt publishing|packt pub|o'reilly|oreilly|o’reilly|oreilly media|livelessons"
        + "|apress|manning|manning publications|wiley|sams|sams publishing|addison wesley|pearson|pearson it certification|informit|peachpit|sitepoint"
        + "|masterclass|masterclass com|treehouse|team treehouse|teamtreehouse|egghead|edx|edx org|the great courses|ttc|ttc video"
        + "|ine|vtc|vtc com|testout|gnomon|gnomon workshop|the gnomon workshop|cgcircuit|cg circuit|artstation|artstation learning"
        + "|khan academy|envato|rheinwerk|galileo press|microsoft press|cisco press"
        + "|truefire|berklee|class101|cgtrader|yellowbrick|alison|babbel|linkedin|lynda|preply|mindvalley|proko|cgma|coloso|wingfox|gumroad", StringComparer.Ordinal);

    // The first word shows for nearly every name that it is no course.
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> FirstWords = WordSet.Create(string.Join('|',
        CoursePlatforms.Set.Concat(Publishers.Set).Select(publisher => publisher.Split(' ')[0]).Distinct()), StringComparer.Ordinal);

    /// <summary>Whether the name is that of a course. <paramref name="mark"/> is the word that says so, or the first one behind the name.</summary>
    public static bool TryFind(ParsedName parsed, out int start, out int mark)
    {
        var name = parsed.Name;
        start = Math.Max(parsed.Start, SkipPublisher(name, out var isCoursePlatform));
        for (mark = start + 1; mark < name.Count; mark++)
        {
            if (IsMark(parsed, mark, hasPublisher: start > parsed.Start))
            {
                return true;
            }
        }

        return isCoursePlatform && parsed.IsClaimable(start) && parsed.Episode is not { Pattern.Weight: > 0.8 } && !IsPrintOrProgram(parsed);
    }

    /// <summary>"Guitar Tutorial": whether the name ends with the word and has nothing that a film's has.</summary>
    public static bool EndsWithTutorial(ParsedName parsed)
    {
        var name = parsed.Name;
        return name.Count > parsed.Start + 1 && name.Is(name.Count - 1, "tutorial")
            && parsed is { YearIndex: < 0, Episode: null, DateIndex: < 0 } && !FilmClassifier.HasVideoTerms(parsed)
            && !(name.Count == parsed.Start + 2 && name.Word(parsed.Start) is "the" or "a" or "das" or "le" or "el" or "il");
    }

    public static void Fill(ParsedName parsed, MediaFieldsBuilder fields)
    {
        var name = parsed.Name;
        _ = TryFind(parsed, out var start, out var end);
        var group = name.Count - 1;
        if (group > start && name[group].IsAfterTightDash && (group > end ? !name[group].IsNumber : !name.Text.Contains(' ')))
        {
            fields.ReleaseGroup = parsed.GroupIndex > end ? fields.ReleaseGroup : name.RawText(group, group).ToString();
            end = Math.Min(end, group);
        }
        else if (start > parsed.Start || parsed.LeadingGroup is not null)
        {
            // "[Udemy] Title": the publisher is no group.
            fields.ReleaseGroup = null;
        }

        while (end - 1 > start && IsBehindTitle(parsed, end - 1) && !IsTaught(parsed, end - 1))
        {
            end--;
        }

        end = name.FindBracketStart(start + 1, end);
        fields.Title = TitleCleaner.Clean(name.RawText(start, end - 1));
        fields.Year = parsed.YearIndex >= end ? fields.Year : null;
        fields.Proper = false;
        (fields.Season, fields.Seasons, fields.Episodes, fields.EpisodeTitle, fields.Part, fields.Disc, fields.Edition) = (null, null, null, null, null, null, null);
    }

    /// <summary>Index of the nearest folder that is a course, or that lies among courses; -1 without one. Looks at words only: most folders need no more.</summary>
    public static int FindFolder(FolderNames folders)
    {
        for (var i = 0; i < folders.Names.Count && i < MaxFolders; i++)
        {
            var name = folders.GetTokenizedName(i)!;
            if (i > 0 && name.Count is 1 or 2 && IsShelf(name.Phrase(0, name.Count)))
            {
                return i - 1;
            }

            if ((SkipPublisher(name, out var isCoursePlatform) is > 0 and var start && isCoursePlatform && start < name.Count && !name[start].IsNumber) || EndsWithMark(name))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool IsShelf(ReadOnlySpan<char> folder) =>
        folder is "courses" or "online courses" or "video courses" or "tutorials" or "video tutorials" or "e learning" or "elearning" || CoursePlatforms.Contains(folder);

    private static bool EndsWithMark(TokenizedName name)
    {
        for (var i = 1; i < name.Count; i++)
        {
            if (name.Word(i) is "bookware" || (name.Word(i) is "elearning" or "tutorial" && i == name.Count - 2 && name[i + 1] is { IsAfterTightDash: true, IsNumber: false }))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first word behind a publisher in front of the name; 0 without one.</summary>
    private static int SkipPublisher(TokenizedName name, out bool isCoursePlatform)
    {
        var most = name.Count > 0 && FirstWords.Contains(name.Word(0)) ? Math.Min(MaxPublisherWords, name.Count) : 0;
        for (var words = most; words > 0; words--)
        {
            isCoursePlatform = CoursePlatforms.Contains(name.Phrase(0, words));
            if (isCoursePlatform || Publishers.Contains(name.Phrase(0, words)))
            {
                return words;
            }
        }

        isCoursePlatform = false;
        return 0;
    }

    // "eLearning Suite v6.1" is a program and "The Tutorial" a film: but for BOOKWARE, only the group and such words may follow.
    private static bool IsMark(ParsedName parsed, int i, bool hasPublisher)
    {
        var name = parsed.Name;
        var isTutorial = name.Word(i) is "tutorial" or "tutorials";
        if (!isTutorial && parsed.TermAt(i) is not { Kind: TermKind.Course })
        {
            return false;
        }

        var after = i + Math.Max(1, parsed.TermLength(i));
        if (name.Is(i, "bookware"))
        {
            return true;
        }

        var isRelease = after < name.Count && name[name.Count - 1] is { IsAfterTightDash: true, IsNumber: false };
        while (after < name.Count - (isRelease ? 1 : 0) && IsBehindTitle(parsed, after))
        {
            after++;
        }

        return after >= name.Count - (isRelease ? 1 : 0) && (!isTutorial || hasPublisher || isRelease);
    }

    private static bool IsBehindTitle(ParsedName parsed, int i) => parsed.RoleAt(i) switch
    {
        TokenRole.Year => true,
        TokenRole.Term => parsed.TermAt(i)!.Kind is TermKind.Language or TermKind.Release
            or TermKind.Resolution or TermKind.VideoCodec or TermKind.Source or TermKind.Course,
        _ => parsed.Name.Word(i) is "tutorial",
    };

    // "Learning German", "Introduction to Spanish"
    private static bool IsTaught(ParsedName parsed, int i) => parsed.TermAt(i) is { Kind: TermKind.Language }
        && (TitleEndReader.IsConnectingWord(parsed.Name.Word(i - 1))
            || parsed.Name.Word(i - 1) is "learn" or "learning" or "speak" or "speaking" or "beginner" or "beginners" or "basic" or "advanced" or "conversational");

    private static bool IsPrintOrProgram(ParsedName parsed) => parsed.HasTerm(TermKind.Book) || parsed.HasTerm(TermKind.Magazine) || parsed.HasTerm(TermKind.Comic)
        || parsed.HasTerm(TermKind.AudioBook) || parsed.HasTerm(TermKind.Software);
}
