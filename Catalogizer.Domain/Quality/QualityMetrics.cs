using Catalogizer.Domain.Detection;

namespace Catalogizer.Domain.Quality;

/// <summary>Quality of a version, as detected from its name or measured; see docs/quality.md.</summary>
/// <param name="OverallScore">0 to 100, the sum of <see cref="Parts"/>; 0 when nothing is known.</param>
public sealed record QualityMetrics(
    string? Resolution, string? Codec, string? AudioCodec, string? AudioChannels, string? Hdr, long FileSize, double OverallScore)
{
    /// <summary>The score breakdown.</summary>
    public IReadOnlyList<ScorePart> Parts { get; private init; } = [];

    public static QualityMetrics FromName(MediaFields fields, long fileSize) => From(fields, null, fileSize);

    /// <summary>Measured values come first; what only the name has, such as the source, is taken from there.</summary>
    public static QualityMetrics From(MediaFields fields, MediaProperties? measured, long fileSize)
    {
        var resolution = measured?.Resolution ?? fields.Resolution;
        var codec = measured?.VideoCodec ?? fields.VideoCodec;
        var audio = measured?.AudioCodec is { } measuredCodec ? [measuredCodec] : fields.AudioCodec ?? [];
        var hdr = MergeHdr(fields.Hdr ?? [], measured);
        var parts = IsAudio(fields, measured)
            ? QualityScore.ScoreAudio(audio, measured)
            : QualityScore.ScoreVideo(resolution, codec, hdr, audio, fields.Source, measured);
        return new QualityMetrics(
            resolution,
            codec,
            audio.Count > 0 ? audio[0] : null,
            measured?.AudioChannels ?? fields.AudioChannels,
            hdr.Count > 0 ? string.Join(" ", hdr) : null,
            fileSize,
            ScorePart.Sum(parts))
        {
            Parts = parts,
        };
    }

    /// <summary>Only the name indicates HDR10+: its metadata are in the frames, which are not analysed.</summary>
    private static IReadOnlyList<string> MergeHdr(IReadOnlyList<string> named, MediaProperties? measured) => measured switch
    {
        null or { Width: null } => named,
        { Hdr: ["HDR10", ..] } when named.Contains("HDR10+") => ["HDR10+", .. measured.Hdr.Skip(1)],
        _ => measured.Hdr,
    };

    private static bool IsAudio(MediaFields fields, MediaProperties? measured) => measured is null
        ? fields is { Resolution: null, VideoCodec: null, Source: null, AudioCodec.Count: > 0 }
        : measured is { Width: null, AudioCodec: not null };
}
