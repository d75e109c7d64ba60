using System.Globalization;

namespace Catalogizer.Domain.Quality;

/// <summary>
/// Decides which of two versions is better: the one with the higher score, then the higher resolution, then the codec with more points.
/// Items store these three values as well, so the rule is the same for versions and items. Versions that are still equal are ordered
/// by bit rate, size and lower id. Reads sort available versions first; availability is not stored, as it changes with the source.
/// </summary>
public static class VersionRanking
{
    private static readonly string CodecPointsSql =
        "CASE codec " + string.Join(' ', QualityScore.CodecPoints.Select(c => string.Create(CultureInfo.InvariantCulture, $"WHEN '{c.Key}' THEN {c.Value}"))) + " ELSE 0 END";

    /// <summary>The rule as SQL, best first, over columns with these names.</summary>
    public static string OrderBySql(string score, string resolution, string codec) =>
        $"{score} DESC, CAST({resolution} AS INTEGER) DESC, {resolution} DESC, {CodecPointsSql.Replace("CASE codec", "CASE " + codec, StringComparison.Ordinal)} DESC, {codec} IS NULL, {codec}";

    /// <summary>The same rule as <see cref="OrderBySql"/>, in memory.</summary>
    public static bool IsBetter((string? Resolution, string? Codec, double Score) version, (string? Resolution, string? Codec, double Score) other)
    {
        if (version.Score.CompareTo(other.Score) is not 0 and var score)
        {
            return score > 0;
        }

        if (ParseLineCount(version.Resolution).CompareTo(ParseLineCount(other.Resolution)) is not 0 and var lines)
        {
            return lines > 0;
        }

        if (string.CompareOrdinal(version.Resolution, other.Resolution) is not 0 and var textOrder)
        {
            return textOrder > 0;
        }

        return QualityScore.ScoreVideoCodec(version.Codec).CompareTo(QualityScore.ScoreVideoCodec(other.Codec)) is not 0 and var codecOrder ? codecOrder > 0
            : other.Codec is null ? version.Codec is not null
            : version.Codec is not null && string.CompareOrdinal(version.Codec, other.Codec) < 0;
    }

    /// <summary>"1080p" has 1080 lines; a text that begins with no number has 0, and null has -1.</summary>
    private static int ParseLineCount(string? resolution)
    {
        if (resolution is null)
        {
            return -1;
        }

        var digits = resolution.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : resolution.Length;
        return int.TryParse(resolution.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var lines) ? lines : 0;
    }
}
