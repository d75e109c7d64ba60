using System.Globalization;

namespace Catalogizer.Domain.Quality;

/// <summary>
/// Which of two copies is the better one: the higher score; of equals the higher resolution, then the codec that is worth more.
/// Those three stand in the item, too, so the rule is the same whether copies or items are compared. Copies that are still equal
/// go by bit rate, size and the lower id. Reads sort available copies first; availability is not stored, as it changes with the source.
/// </summary>
public static class CopyOrder
{
    private static readonly string CodecPoints =
        "CASE codec " + string.Join(' ', QualityScore.Codecs.Select(c => string.Create(CultureInfo.InvariantCulture, $"WHEN '{c.Key}' THEN {c.Value}"))) + " ELSE 0 END";

    /// <summary>The rule as SQL, the best first, over columns of these names.</summary>
    public static string Sql(string score, string resolution, string codec) =>
        $"{score} DESC, CAST({resolution} AS INTEGER) DESC, {resolution} DESC, {CodecPoints.Replace("CASE codec", "CASE " + codec, StringComparison.Ordinal)} DESC, {codec} IS NULL, {codec}";

    /// <summary>The same rule in memory.</summary>
    public static bool IsBetter((string? Resolution, string? Codec, double Score) copy, (string? Resolution, string? Codec, double Score) than)
    {
        if (copy.Score.CompareTo(than.Score) is not 0 and var score)
        {
            return score > 0;
        }

        if (Lines(copy.Resolution).CompareTo(Lines(than.Resolution)) is not 0 and var lines)
        {
            return lines > 0;
        }

        if (string.CompareOrdinal(copy.Resolution, than.Resolution) is not 0 and var form)
        {
            return form > 0;
        }

        return QualityScore.OfCodec(copy.Codec).CompareTo(QualityScore.OfCodec(than.Codec)) is not 0 and var worth ? worth > 0
            : than.Codec is null ? copy.Codec is not null
            : copy.Codec is not null && string.CompareOrdinal(copy.Codec, than.Codec) < 0;
    }

    /// <summary>"1080p" has 1080; what begins with no number has 0, and what is not known less.</summary>
    private static int Lines(string? resolution)
    {
        if (resolution is null)
        {
            return -1;
        }

        var digits = resolution.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : resolution.Length;
        return int.TryParse(resolution.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var lines) ? lines : 0;
    }
}
