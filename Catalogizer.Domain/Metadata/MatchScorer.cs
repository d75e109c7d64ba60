using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metadata;

/// <summary>A candidate with its confidence and the reasons for it.</summary>
/// <param name="Similarity">Similarity of the titles, 0 to 1.</param>
public sealed record Candidate(string Provider, string ExternalId, string Title, int? Year, double Confidence, IReadOnlyList<string> Reasons, [property: JsonPropertyName("Likeness")] double Similarity = 0);

/// <summary>Scores candidates: takes what is known of an item, returns candidates with their confidence. Pure.</summary>
internal static partial class MatchScorer
{
    /// <summary>Minimum confidence for an automatic match, provided that no other candidate is close.</summary>
    public const double ConfidentThreshold = 0.85;

    /// <summary>Minimum confidence for a review; below it, nothing counts as found.</summary>
    public const double ReviewThreshold = 0.4;

    /// <summary>Minimum lead over the runner-up.</summary>
    private const double MinLead = 0.08;

    /// <summary>From this similarity on, two titles differ only in an article, a space or the notation of a number.</summary>
    private const double SameTitleThreshold = 0.95;

    /// <summary>Confidence of the only candidate with this title, where a year is unknown.</summary>
    private const double OnlyCandidateConfidence = 0.88;

    /// <summary>Number of characters that are compared, so that a hostile title costs nothing.</summary>
    private const int MaxTitleLength = 200;

    public static IReadOnlyList<Candidate> Rank(MetadataQuery query, IEnumerable<Metadata> found)
    {
        var ranked = found.DistinctBy(m => (m.Provider, m.ExternalId)).Select(m => ScoreCandidate(query, m)).OrderByDescending(c => c.Confidence).Take(8).ToList();
        if (ranked is [{ Similarity: 1, Confidence: < ConfidentThreshold and >= 0.8 } best, ..] && (query.Year is null || best.Year is null) && !ranked.Skip(1).Any(c => c.Similarity >= SameTitleThreshold))
        {
            ranked[0] = best with { Confidence = OnlyCandidateConfidence, Reasons = [.. best.Reasons, "no other of that title"] };
        }

        return ranked;
    }

    /// <summary>Whether the first candidate can be matched without a user's decision.</summary>
    public static bool IsConfident(IReadOnlyList<Candidate> ranked) => ranked switch
    {
        [{ Confidence: >= ConfidentThreshold }] => true,
        [{ Confidence: >= ConfidentThreshold } best, var second, ..] => best.Confidence - second.Confidence >= MinLead || (best.Similarity == 1 && second.Similarity < SameTitleThreshold),
        _ => false,
    };

    /// <summary>Ids of databases in a path: [tmdbid-603], {imdb-tt0133093}. The deepest in the path is used.</summary>
    public static IReadOnlyDictionary<string, string> FindIds(string path)
    {
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match match in IdInNameRegex().Matches(path))
        {
            var idType = match.Groups["register"].Value.ToLowerInvariant();
            ids[idType is "mbid" ? "musicbrainz" : idType] = match.Groups["id"].Value;
        }

        return ids;
    }

    private static Candidate ScoreCandidate(MetadataQuery query, Metadata found)
    {
        var reasons = new List<string>();
        var wanted = TextNormalizer.Fold(query.Title);
        var title = Math.Max(GetSimilarity(wanted, TextNormalizer.Fold(found.Title)), found.OriginalTitle is { } original ? GetSimilarity(wanted, TextNormalizer.Fold(original)) : 0);
        reasons.Add(title >= 1 ? "same title" : title >= SameTitleThreshold ? "same title but for small words" : string.Create(CultureInfo.InvariantCulture, $"title {title:P0} alike"));
        var year = (query.Year, found.Year) switch
        {
            (null, _) or (_, null) => 0.4,
            ({ } ours, { } theirs) when ours == theirs => 1,
            ({ } ours, { } theirs) when Math.Abs(ours - theirs) == 1 => 0.6,
            _ => 0,
        };
        reasons.Add(year switch { 1 => "same year", 0.6 => "a year apart", 0 => "another year", _ => "year not known" });
        var score = (title * 0.7) + (year * 0.3);
        if (query.Artist is { } artist && found.Artist is { } theirArtist)
        {
            var similarity = GetSimilarity(TextNormalizer.Fold(artist), TextNormalizer.Fold(theirArtist));
            reasons.Add(similarity >= 0.9 ? "same artist" : "another artist");
            score = (score * 0.7) + (similarity * 0.3);
        }

        return new Candidate(found.Provider, found.ExternalId, found.Title, found.Year, Math.Round(score, 3), reasons, title);
    }

    /// <summary>1 for equal titles; an article, a space or the notation of a number counts little, a letter by its share of the length.</summary>
    private static double GetSimilarity(string one, string other)
    {
        if (one == other)
        {
            return 1;
        }

        var (a, b) = (Normalize(one), Normalize(other));
        if (a == b || a.Replace(" ", "", StringComparison.Ordinal) == b.Replace(" ", "", StringComparison.Ordinal))
        {
            return 0.97;
        }

        // Numbers distinguish sequels: two titles with different numbers must never count as nearly the same.
        var similarity = 1 - ((double)EditDistance(a, b) / Math.Max(1, Math.Max(a.Length, b.Length)));
        return ExtractNumbers(a) == ExtractNumbers(b) ? similarity * 0.9 : similarity * 0.6;
    }

    /// <summary>Removes the article and writes numbers in digits.</summary>
    private static string Normalize(string folded)
    {
        var normalized = TextNormalizer.FoldWithoutArticle(folded);
        return string.Join(' ', (normalized.Length > MaxTitleLength ? normalized[..MaxTitleLength] : normalized).Split(' ').Select(word => Numerals.GetValueOrDefault(word, word)));
    }

    private static string ExtractNumbers(string text) => string.Join(' ', text.Split(' ').Where(word => word.Any(char.IsAsciiDigit)));

    /// <summary>Number of letters to change, add or remove (Levenshtein distance).</summary>
    private static int EditDistance(string one, string other)
    {
        Span<int> row = stackalloc int[MaxTitleLength + 1];
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

    /// <summary>Numerals that are not words of a title. The Roman 1, 5 and 10 are left out: I, V and X are words and names as well.</summary>
    private static readonly Dictionary<string, string> Numerals = new(StringComparer.Ordinal)
    {
        ["ii"] = "2", ["iii"] = "3", ["iv"] = "4", ["vi"] = "6", ["vii"] = "7", ["viii"] = "8", ["ix"] = "9", ["xi"] = "11", ["xii"] = "12",
        ["two"] = "2", ["three"] = "3", ["four"] = "4", ["five"] = "5",
    };

    [GeneratedRegex(@"[\[{(](?<register>tmdb|imdb|tvdb|musicbrainz|mbid)(?:id)?[-=:](?<id>[A-Za-z0-9-]{1,40})[\]})]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex IdInNameRegex();
}
