using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Quality;

/// <summary>How a copy came by its score.</summary>
/// <param name="Look">The last look into it; null when there was none.</param>
/// <param name="IsWaiting">Whether it is to be looked into: it never was, it changed, or the time of another try has come.</param>
public sealed record CopyReport(IReadOnlyList<ScorePart> Parts, AnalysisState? Look, bool IsWaiting);

/// <summary>Tells how the copies of an item came by their scores, and has those that somebody asks about looked into first.</summary>
public sealed class CopyQuality(IQualityStore store, MediaDetector detector, QualityProbe probe, PreferredCopies preferred)
{
    /// <summary>By version. Those that wait are looked into as soon as there is time.</summary>
    public async Task<IReadOnlyDictionary<long, CopyReport>> OfAsync(Actor actor, long itemId, IReadOnlyList<MediaVersion> versions, CancellationToken cancellation)
    {
        actor.Require(Permission.MediaView);
        if (versions.Count == 0)
        {
            return new Dictionary<long, CopyReport>();
        }

        var looks = await store.StatesAsync(itemId, cancellation);
        foreach (var look in looks.Values)
        {
            look.Error = look.Error.RedactFor(actor, "The file cannot be read as media.");
        }

        var waiting = (await store.OfItemAsync(itemId, cancellation))?.Copies.Where(probe.CanLook).Select(c => c.VersionId).ToHashSet() ?? [];
        if (waiting.Count > 0)
        {
            preferred.Prefer(itemId);
        }

        return versions.ToDictionary(v => v.Id, v => new CopyReport(Parts(v, looks.GetValueOrDefault(v.Id)), looks.GetValueOrDefault(v.Id), waiting.Contains(v.Id)));
    }

    private IReadOnlyList<ScorePart> Parts(MediaVersion version, AnalysisState? look) => Rescoring.Judge(detector, new StoredQuality(
        version.Id, version.Path, version.Size, version.OverallScore, version.QualityFrom == "name" ? null : new MediaMeasures
        {
            Resolution = version.Resolution,
            VideoCodec = version.Codec,
            Bitrate = version.Bitrate,
            HasStreamBitrate = !version.BitrateIsEstimate,
            AudioCodec = version.AudioCodec,
            AudioChannels = version.AudioChannels,
            Hdr = version.Hdr?.Split(' ') ?? [],
            DurationSeconds = version.DurationSeconds,
            Width = look?.Width,
            Height = look?.Height,
            FrameRate = look?.FrameRate,
            VideoBitrate = look?.VideoBitrate,
            Container = look?.Container,
        })).Parts;
}
