using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Quality;

/// <summary>
/// Brings scores that were given on another scale to the present one, from what the catalogue knows: no file is read. How far it
/// is stands in the database, so it goes on where it was after any break.
/// </summary>
public sealed class Rescoring(IQualityStore store, MediaDetector detector, IDbContextFactory<CatalogDbContext> contexts, EventStreamer events)
{
    private const string Key = "quality.scale";
    private const int BatchSize = 500;

    /// <summary>Runs to the end unless a first scan is under way; returns at once when all scores are on the present scale.</summary>
    public async Task RunAsync(IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        var (scale, before) = await WhereAsync(cancellation);
        before = scale == QualityScore.Scale ? before : long.MaxValue;
        while (before > 0 && await store.StoredAsync(before, BatchSize, cancellation) is { } batch)
        {
            var scores = batch.Copies.Select(copy => (copy.VersionId, Now: Judge(detector, copy).OverallScore, Was: copy.Score)).Where(s => !s.Now.Equals(s.Was))
                .Select(s => (s.VersionId, s.Now)).ToList();
            if (scores.Count > 0)
            {
                await store.RescoreAsync(scores, cancellation);
                events.Publish(new ItemsChanged());
            }

            before = batch.Before;
            await NoteAsync(before, cancellation);
            progress.Report(new ProgressUpdate(null, "Scores are brought to the present scale"));
        }
    }

    /// <summary>How good a copy is by what the catalogue knows of it.</summary>
    internal static QualityMetrics Judge(MediaDetector detector, StoredQuality copy) => QualityMetrics.Of(detector.Detect(copy.Path).Fields, copy.Measured, copy.Size);

    private async Task<(int Scale, long Before)> WhereAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var parts = (await db.Settings.AsNoTracking().SingleOrDefaultAsync(s => s.Key == Key, cancellation))?.Value.Split(' ');
        return parts is [var scale, var before] ? (int.Parse(scale, CultureInfo.InvariantCulture), long.Parse(before, CultureInfo.InvariantCulture)) : (0, long.MaxValue);
    }

    private async Task NoteAsync(long before, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var value = string.Create(CultureInfo.InvariantCulture, $"{QualityScore.Scale} {before}");
        if (await db.Settings.SingleOrDefaultAsync(s => s.Key == Key, cancellation) is { } kept)
        {
            kept.Value = value;
        }
        else
        {
            db.Settings.Add(new Setting { Key = Key, Value = value });
        }

        await db.SaveChangesAsync(cancellation);
    }
}
