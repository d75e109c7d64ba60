using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Quality;

/// <summary>
/// Recalculates scores of another scale version from what the catalogue knows; no file is read. The position is stored in the
/// database, so that it continues where it stopped after any interruption.
/// </summary>
public sealed class Rescoring(IQualityStore store, MediaDetector detector, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events)
{
    private const string SettingKey = "quality.scale";
    private const int BatchSize = 500;

    /// <summary>Runs to the end unless a first scan runs; returns immediately when all scores have the current scale version.</summary>
    public async Task RunAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var (scale, before) = await ReadPositionAsync(cancellation);
        before = scale == QualityScore.ScaleVersion ? before : long.MaxValue;
        while (before > 0 && await store.NextStoredAsync(before, BatchSize, cancellation) is { } batch)
        {
            var scores = batch.Versions.Select(version => (version.VersionId, Now: ComputeQuality(detector, version).OverallScore, Was: version.Score)).Where(s => !s.Now.Equals(s.Was))
                .Select(s => (s.VersionId, s.Now)).ToList();
            if (scores.Count > 0)
            {
                await store.RescoreAsync(scores, cancellation);
                events.Publish(new ItemsChanged());
            }

            before = batch.Before;
            await SavePositionAsync(before, cancellation);
            progress.Report(new ProgressUpdate(null, "Scores are brought to the present scale"));
        }
    }

    /// <summary>Quality of a version, from what the catalogue knows of it.</summary>
    internal static QualityMetrics ComputeQuality(MediaDetector detector, StoredQuality version) => QualityMetrics.From(detector.Detect(DiscFolder.GetNamePath(version.Path)).Fields, version.Measured, version.Size);

    private async Task<(int Scale, long Before)> ReadPositionAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var parts = (await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Key == SettingKey, cancellation))?.Value.Split(' ');
        return parts is [var scale, var before] ? (int.Parse(scale, CultureInfo.InvariantCulture), long.Parse(before, CultureInfo.InvariantCulture)) : (0, long.MaxValue);
    }

    private async Task SavePositionAsync(long before, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var value = string.Create(CultureInfo.InvariantCulture, $"{QualityScore.ScaleVersion} {before}");
        if (await db.Settings.SingleOrDefaultAsync(s => s.Key == SettingKey, cancellation) is { } setting)
        {
            setting.Value = value;
        }
        else
        {
            db.Settings.Add(new Setting { Key = SettingKey, Value = value });
        }

        await db.SaveChangesAsync(cancellation);
    }
}
