using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metadata;

/// <summary>A candidate with how sure it is and why.</summary>
/// <param name="Likeness">How alike the titles are, 0 to 1.</param>
public sealed record Candidate(string Provider, string ExternalId, string Title, int? Year, double Confidence, IReadOnlyList<string> Reasons, [property: JsonPropertyName("Likeness")] double Likeness = 0);

/// <summary>Judges candidates: what is known of a work in, candidates with their confidence out. Pure.</summary>
internal static partial class Matching
{
    /// <summary>From here on the best is taken by itself, if no other comes near.</summary>
    public const double Sure = 0.85;

    /// <summary>Below this nothing was found.</summary>
    public const double Doubtful = 0.4;

    /// <summary>How far behind the runner-up must be.</summary>
    private const double Gap = 0.08;

    /// <summary>From here on two titles are the same but for an article, a space or how a number is written.</summary>
    private const double SameTitle = 0.95;

    /// <summary>The confidence of the only one of its title, where a year is lacking.</summary>
    private const double OnlyOne = 0.88;

    /// <summary>Titles are compared up to here, so that a hostile one costs nothing.</summary>
    private const int LongestTitle = 200;

    public static IReadOnlyList<Candidate> Rank(WorkQuery work, IEnumerable<Metadata> found)
    {
        var judged = found.DistinctBy(m => (m.Provider, m.ExternalId)).Select(m => Judge(work, m)).OrderByDescending(c => c.Confidence).Take(8).ToList();
        if (judged is [{ Likeness: 1, Confidence: < Sure and >= 0.8 } best, ..] && (work.Year is null || best.Year is null) && !judged.Skip(1).Any(c => c.Likeness >= SameTitle))
        {
            judged[0] = best with { Confidence = OnlyOne, Reasons = [.. best.Reasons, "no other of that title"] };
        }

        return judged;
    }

    /// <summary>Whether the first may be taken without asking a person.</summary>
    public static bool IsSure(IReadOnlyList<Candidate> ranked) => ranked switch
    {
        [{ Confidence: >= Sure }] => true,
        [{ Confidence: >= Sure } best, var second, ..] => best.Confidence - second.Confidence >= Gap || (best.Likeness == 1 && second.Likeness < SameTitle),
        _ => false,
    };

    /// <summary>Ids of registers written into a path: [tmdbid-603], {imdb-tt0133093}. The deepest wins.</summary>
    public static IReadOnlyDictionary<string, string> IdsIn(string path)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in IdInName().Matches(path))
        {
            var register = match.Groups["register"].Value.ToLowerInvariant();
            ids[register is "mbid" ? "musicbrainz" : register] = match.Groups["id"].Value;
        }

        return ids;
    }

    private static Candidate Judge(WorkQuery work, Metadata found)
    {
        var reasons = new List<string>();
        var wanted = TextNormalizer.Fold(work.Title);
        var title = Math.Max(Likeness(wanted, TextNormalizer.Fold(found.Title)), found.OriginalTitle is { } original ? Likeness(wanted, TextNormalizer.Fold(original)) : 0);
        reasons.Add(title >= 1 ? "same title" : title >= SameTitle ? "same title but for small words" : string.Create(CultureInfo.InvariantCulture, $"title {title:P0} alike"));
        var year = (work.Year, found.Year) switch
        {
            (null, _) or (_, null) => 0.4,
            ({ } ours, { } theirs) when ours == theirs => 1,
            ({ } ours, { } theirs) when Math.Abs(ours - theirs) == 1 => 0.6,
            _ => 0,
        };
        reasons.Add(year switch { 1 => "same year", 0.6 => "a year apart", 0 => "another year", _ => "year not known" });
        var score = (title * 0.7) + (year * 0.3);
        if (work.Artist is { } artist && found.Artist is { } theirArtist)
        {
            var likeness = Likeness(TextNormalizer.Fold(artist), TextNormalizer.Fold(theirArtist));
            reasons.Add(likeness >= 0.9 ? "same artist" : "another artist");
            score = (score * 0.7) + (likeness * 0.3);
        }

        return new Candidate(found.Provider, found.ExternalId, found.Title, found.Year, Math.Round(score, 3), reasons, title);
    }

    /// <summary>1 for the same; an article, a space or a number written otherwise counts little, a letter as much as it is of the whole.</summary>
    private static double Likeness(string one, string other)
    {
        if (one == other)
        {
            return 1;
        }

        var (a, b) = (Bare(one), Bare(other));
        if (a == b || a.Replace(" ", "", StringComparison.Ordinal) == b.Replace(" ", "", StringComparison.Ordinal))
        {
            return 0.97;
        }

        // A number tells sequels apart: two titles whose numbers differ are never nearly the same.
        var alike = 1 - ((double)Distance(a, b) / Math.Max(1, Math.Max(a.Length, b.Length)));
        return Numbers(a) == Numbers(b) ? alike * 0.9 : alike * 0.6;
    }

    /// <summary>Without its article, and with its numbers in digits.</summary>
    private static string Bare(string folded)
    {
        var bare = TextNormalizer.ToSortTitle(folded);
        return string.Join(' ', (bare.Length > LongestTitle ? bare[..LongestTitle] : bare).Split(' ').Select(word => Numerals.GetValueOrDefault(word, word)));
    }

    private static string Numbers(string text) => string.Join(' ', text.Split(' ').Where(word => word.Any(char.IsAsciiDigit)));

    /// <summary>How many letters have to be changed, added or taken away.</summary>
    private static int Distance(string one, string other)
    {
        Span<int> row = stackalloc int[LongestTitle + 1];
        for (var j = 0; j <= other.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= one.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= other.Length; j++)
            {
                var change = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[other.Length];
    }

    /// <summary>What is no word in a title. One, five and ten are left out: I, V and X are words and names as well.</summary>
    private static readonly Dictionary<string, string> Numerals = new(StringComparer.Ordinal)
    {
        ["ii"] = "2", ["iii"] = "3", ["iv"] = "4", ["vi"] = "6", ["vii"] = "7", ["viii"] = "8", ["ix"] = "9", ["xi"] = "11", ["xii"] = "12",
        ["two"] = "2", ["three"] = "3", ["four"] = "4", ["five"] = "5",
    };

    [GeneratedRegex(@"[\[{(](?<register>tmdb|imdb|tvdb|musicbrainz|mbid)(?:id)?[-=:](?<id>[A-Za-z0-9-]{1,40})[\]})]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex IdInName();
}
