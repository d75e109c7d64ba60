using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Quality;

/// <summary>How the score of a version was calculated.</summary>
/// <param name="LastAnalysis">The last analysis; null when there was none.</param>
/// <param name="IsPending">Whether it is to be analysed: it never was, it changed, or a retry is due.</param>
public sealed record VersionQualityReport(IReadOnlyList<ScorePart> Parts, AnalysisState? LastAnalysis, bool IsPending);

/// <summary>Explains the scores of an item's versions, and has pending ones among them analysed first.</summary>
public sealed class VersionQuality(IQualityStore store, MediaDetector detector, MediaProbe probe, PriorityAnalysis priorityAnalysis)
{
    /// <summary>Reports by version id. Pending versions are queued for analysis.</summary>
    public async Task<IReadOnlyDictionary<long, VersionQualityReport>> GetReportsAsync(Actor actor, long itemId, IReadOnlyList<MediaVersion> versions, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        if (versions.Count == 0)
        {
            return new Dictionary<long, VersionQualityReport>();
        }

        var analyses = await store.StatesAsync(itemId, cancellation);
        foreach (var analysis in analyses.Values)
        {
            analysis.Error = analysis.Error.RedactFor(actor, "The file cannot be read as media.");
        }

        var pending = (await store.ForItemAsync(itemId, cancellation))?.Candidates.Where(probe.CanAnalyze).Select(c => c.VersionId).ToHashSet() ?? [];
        if (pending.Count > 0)
        {
            priorityAnalysis.Enqueue(itemId);
        }

        return versions.ToDictionary(v => v.Id, v => new VersionQualityReport(GetScoreParts(v, analyses.GetValueOrDefault(v.Id)), analyses.GetValueOrDefault(v.Id), pending.Contains(v.Id)));
    }

    private IReadOnlyList<ScorePart> GetScoreParts(MediaVersion version, AnalysisState? analysis) => Rescoring.ComputeQuality(detector, new StoredQuality(
        version.Id, version.Path, version.Size, version.OverallScore, version.QualityFrom == "name" ? null : new MediaProperties
        {
            Resolution = version.Resolution,
            VideoCodec = version.Codec,
            Bitrate = version.Bitrate,
            HasStreamBitrate = !version.BitrateIsEstimate,
            AudioCodec = version.AudioCodec,
            AudioChannels = version.AudioChannels,
            Hdr = version.Hdr?.Split(' ') ?? [],
            DurationSeconds = version.DurationSeconds,
            Width = analysis?.Width,
            Height = analysis?.Height,
            FrameRate = analysis?.FrameRate,
            VideoBitrate = analysis?.VideoBitrate,
            Container = analysis?.Container,
        })).Parts;
}
