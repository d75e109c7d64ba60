using System.Globalization;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metadata;

/// <summary>A candidate with how sure it is and why.</summary>
public sealed record Candidate(string Provider, string ExternalId, string Title, int? Year, double Confidence, IReadOnlyList<string> Reasons);

/// <summary>Judges candidates: what is known of a work in, candidates with their confidence out. Pure.</summary>
internal static partial class Matching
{
    /// <summary>From here on the best is taken by itself, if no other comes near.</summary>
    public const double Sure = 0.85;

    /// <summary>Below this nothing was found.</summary>
    public const double Doubtful = 0.4;

    /// <summary>How far behind the runner-up must be.</summary>
    private const double Gap = 0.08;

    public static IReadOnlyList<Candidate> Rank(WorkQuery work, IEnumerable<Metadata> found)
    {
        var judged = found.Select(m => Judge(work, m)).OrderByDescending(c => c.Confidence).Take(8).ToList();
        if (work.Year is null && judged is [{ Confidence: >= 0.8 and < Sure } best, ..] && !judged.Skip(1).Any(c => c.Confidence > best.Confidence - 0.15))
        {
            judged[0] = best with { Confidence = 0.88, Reasons = [.. best.Reasons, "no other of that title"] };
        }

        return judged;
    }

    /// <summary>Whether the first may be taken without asking a person.</summary>
    public static bool IsSure(IReadOnlyList<Candidate> ranked) =>
        ranked is [{ Confidence: >= Sure } best, ..] && (ranked.Count == 1 || best.Confidence - ranked[1].Confidence >= Gap);

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
        var wanted = Fold.Text(work.Title);
        var title = Math.Max(Likeness(wanted, Fold.Text(found.Title)), found.OriginalTitle is { } original ? Likeness(wanted, Fold.Text(original)) : 0);
        reasons.Add(title >= 1 ? "same title" : title >= 0.95 ? "same title but for the article" : string.Create(CultureInfo.InvariantCulture, $"title {title:P0} alike"));
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
            var likeness = Likeness(Fold.Text(artist), Fold.Text(theirArtist));
            reasons.Add(likeness >= 0.9 ? "same artist" : "another artist");
            score = (score * 0.7) + (likeness * 0.3);
        }

        return new Candidate(found.Provider, found.ExternalId, found.Title, found.Year, Math.Round(score, 3), reasons);
    }

    /// <summary>1 for the same, else twice the pairs of letters in common over all pairs.</summary>
    private static double Likeness(string one, string other)
    {
        if (one == other)
        {
            return 1;
        }

        if (Fold.SortTitle(one) == Fold.SortTitle(other))
        {
            return 0.97;
        }

        var (pairs, others) = (Pairs(one), Pairs(other));
        if (pairs.Count + others.Count == 0)
        {
            return 0;
        }

        var total = pairs.Values.Sum() + others.Values.Sum();
        var common = pairs.Sum(p => Math.Min(p.Value, others.GetValueOrDefault(p.Key)));
        return Math.Min(0.9, 2.0 * common / total);
    }

    private static Dictionary<(char, char), int> Pairs(string text)
    {
        var pairs = new Dictionary<(char, char), int>();
        for (var i = 0; i + 1 < Math.Min(text.Length, 300); i++)
        {
            pairs[(text[i], text[i + 1])] = pairs.GetValueOrDefault((text[i], text[i + 1])) + 1;
        }

        return pairs;
    }

    [GeneratedRegex(@"[\[{(](?<register>tmdb|imdb|tvdb|musicbrainz|mbid)(?:id)?[-=:](?<id>[A-Za-z0-9-]{1,40})[\]})]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 200)]
    private static partial Regex IdInName();
}
