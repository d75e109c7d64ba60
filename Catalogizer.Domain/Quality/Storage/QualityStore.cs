using System.Text.Json;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Metadata.Storage;
using Catalogizer.Domain.Quality.Contents;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Sources.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Quality.Storage;

/// <summary>Finds versions to analyse in steps over their ids, and writes the results in batches.</summary>
internal sealed class QualityStore(SqliteFile file, WriterQueue writer, TimeProvider time) : IQualityStore, IDisposable
{
    /// <summary>Ids that one step covers, so that no read keeps the write-ahead log from being cleared.</summary>
    private const long Step = 5000;

    // Present versions on readable sources, with the current analysis of the same file. The conditions below select films, series, music,
    // audiobooks and files that contain others, unless analysed already.
    private static readonly string ReadableSql = $"""
        FROM media_versions v
        JOIN media_items m ON m.id = v.item_id
        JOIN sources s ON s.id = v.source_id AND {SourceRows.IsReadable("s")}
        JOIN files f ON f.id = {MainFile.IdSql("v.id")}
        JOIN folders d ON d.id = f.folder_id
        LEFT JOIN version_analyses a ON a.version_id = v.id AND a.size = f.size AND a.modified_at = f.modified_at AND a.look = {AnalysisState.CurrentRevision}
        WHERE v.presence = 0
        """;

    private static readonly string HasContentsSql = string.Join(" OR ", ContentReader.Extensions.Select(e => $"f.name LIKE '%{e}'"));

    private const string IsMeasurableSql = "m.media_type IN (0, 1, 2, 7)";

    private const string IsDueSql = "(a.version_id IS NULL OR a.retry_at <= ?1)";

    private static readonly string DueSql = $"""
        SELECT v.id, v.source_id, {FilePath.Sql}, f.size, f.modified_at, coalesce(a.tries, 0),
          (SELECT count(*) FROM files o WHERE o.version_id = v.id AND o.role <> 1)
        {ReadableSql} AND {IsDueSql} AND ({IsMeasurableSql} OR {HasContentsSql})
        """;

    // Each statement has to repeat the condition on the error, so that the index of failed analyses is used.
    private static readonly string FailedSql = $"""
        FROM version_analyses a
        JOIN media_versions v ON v.id = a.version_id AND v.presence = 0
        JOIN sources s ON s.id = v.source_id AND {SourceRows.IsCounted("s")}
        """;

    private readonly ReadSessionPool _sessions = new(file);

    public bool IsBeingRead => file.IsBeingRead;

    public Task<AnalysisBatch?> NextAsync(long before, int count, CancellationToken cancellation) => ReadAsync(session =>
    {
        if (AvailabilitySnapshot.IsLoadingIn(session))
        {
            return null;
        }

        before = Math.Min(before, ReadLastId(session) + 1);
        using var due = session.Prepare($"{DueSql} AND v.id < ?2 AND v.id >= ?3 ORDER BY v.id DESC LIMIT ?4");
        var found = ReadCandidates(due.Bind(2, before).Bind(3, before - Step).Bind(4, (long)count));
        return new AnalysisBatch(found, found.Count == count ? found[^1].VersionId : Math.Max(0, before - Step));
    }, cancellation);

    public Task<BacklogCount?> CountAsync(bool hasProbe, CancellationToken cancellation) => RangeCounter.CountAsync((after, to) => ReadAsync(session =>
    {
        if (AvailabilitySnapshot.IsLoadingIn(session))
        {
            return ((BacklogCount, long)?)null;
        }

        using var rows = session.Prepare($"""
            SELECT coalesce(sum({IsDueSql}), 0), count(*), (SELECT max(id) FROM media_versions)
            {ReadableSql} AND ({(hasProbe ? $"{IsMeasurableSql} OR " : "")}{HasContentsSql}) AND v.id > ?2 AND v.id <= ?3
            """);
        rows.Bind(1, time.GetUtcNow().ToUnixTimeMilliseconds()).Bind(2, after).Bind(3, to).Read();
        return (new BacklogCount(rows.Int64(0), rows.Int64(1)), rows.Int64OrNull(2) ?? 0);
    }, cancellation));

    public Task<AnalysisBatch?> ForItemAsync(long itemId, CancellationToken cancellation) => ReadAsync(session =>
    {
        if (AvailabilitySnapshot.IsLoadingIn(session))
        {
            return null;
        }

        using var due = session.Prepare($"{DueSql} AND v.item_id = ?2 ORDER BY v.id LIMIT 100");
        return new AnalysisBatch(ReadCandidates(due.Bind(2, itemId)), 0);
    }, cancellation);

    public Task<IReadOnlyList<FailedAnalysis>> ListFailedAsync(long? sourceId, int count, CancellationToken cancellation) => ReadAsync<IReadOnlyList<FailedAnalysis>>(session =>
    {
        using var rows = session.Prepare($"""
            SELECT v.id, v.item_id, m.title, v.source_id, s.name, {FilePath.Sql}, a.error, a.at, a.tries, a.retry_at {FailedSql}
            JOIN media_items m ON m.id = v.item_id
            JOIN files f ON f.id = {MainFile.IdSql("v.id")}
            JOIN folders d ON d.id = f.folder_id
            WHERE a.error IS NOT NULL AND (?1 IS NULL OR v.source_id = ?1) ORDER BY a.at DESC, v.id DESC LIMIT ?2
            """);
        rows.Bind(1, sourceId).Bind(2, (long)count);
        var found = new List<FailedAnalysis>();
        while (rows.Read())
        {
            found.Add(new FailedAnalysis(
                rows.Int64(0), rows.Int64(1), rows.Text(2), rows.Int64(3), rows.Text(4), rows.Text(5), rows.Text(6), DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(7)), rows.Int32(8),
                rows.Int64OrNull(9) is { } retry ? DateTimeOffset.FromUnixTimeMilliseconds(retry) : null));
        }

        return found;
    }, cancellation);

    public Task<IReadOnlyDictionary<long, long>> CountFailedAsync(CancellationToken cancellation) => ReadAsync<IReadOnlyDictionary<long, long>>(session =>
    {
        using var rows = session.Prepare($"SELECT v.source_id, count(*) {FailedSql} WHERE a.error IS NOT NULL GROUP BY v.source_id");
        var counts = new Dictionary<long, long>();
        while (rows.Read())
        {
            counts[rows.Int64(0)] = rows.Int64(1);
        }

        return counts;
    }, cancellation);

    public Task<IReadOnlyDictionary<long, AnalysisState>> StatesAsync(long itemId, CancellationToken cancellation) => ReadAsync<IReadOnlyDictionary<long, AnalysisState>>(session =>
    {
        using var rows = session.Prepare("""
            SELECT a.version_id, a.at, a.tries, a.error, a.retry_at, a.bytes_read, a.size, a.modified_at, a.width, a.height, a.frame_rate, a.video_bitrate, a.container,
              a.look, a.has_picture, a.contents
            FROM media_versions v JOIN version_analyses a ON a.version_id = v.id WHERE v.item_id = ?1
            """);
        rows.Bind(1, itemId);
        var states = new Dictionary<long, AnalysisState>();
        while (rows.Read())
        {
            states[rows.Int64(0)] = new AnalysisState
            {
                VersionId = rows.Int64(0),
                At = DateTimeOffset.FromUnixTimeMilliseconds(rows.Int64(1)),
                Tries = rows.Int32(2),
                Error = rows.TextOrNull(3),
                RetryAt = rows.Int64OrNull(4) is { } retry ? DateTimeOffset.FromUnixTimeMilliseconds(retry) : null,
                BytesRead = rows.Int64OrNull(5),
                Size = rows.Int64(6),
                ModifiedAt = rows.Int64(7),
                Width = rows.Int32OrNull(8),
                Height = rows.Int32OrNull(9),
                FrameRate = rows.DoubleOrNull(10),
                VideoBitrate = rows.Int64OrNull(11),
                Container = rows.TextOrNull(12),
                Look = rows.Int32(13),
                HasPicture = rows.Int32(14) == 1,
                Contents = rows.TextOrNull(15),
            };
        }

        return states;
    }, cancellation);

    public Task SaveAsync(IReadOnlyList<Analysis> analyses, CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            using var batch = new QualityBatch(connection);
            batch.Save(analyses);
        },
        durable: false,
        cancellation);

    public Task<StoredBatch?> NextStoredAsync(long before, int count, CancellationToken cancellation) => ReadAsync(session =>
    {
        if (AvailabilitySnapshot.IsLoadingIn(session))
        {
            return null;
        }

        before = Math.Min(before, ReadLastId(session) + 1);
        using var rows = session.Prepare($"""
            SELECT v.id, {FilePath.Sql}, v.size, v.overall_score, v.quality_from, v.resolution, v.video_codec, v.bitrate, v.audio_codec, v.audio_channels, v.hdr, v.duration_seconds,
              a.width, a.height, a.frame_rate, a.video_bitrate, a.container, v.has_stream_bitrate
            FROM media_versions v
            JOIN files f ON f.id = {MainFile.IdSql("v.id")}
            JOIN folders d ON d.id = f.folder_id
            LEFT JOIN version_analyses a ON a.version_id = v.id
            WHERE v.id < ?1 AND v.id >= ?2 ORDER BY v.id DESC LIMIT ?3
            """);
        rows.Bind(1, before).Bind(2, before - Step).Bind(3, (long)count);
        var found = new List<StoredQuality>();
        while (rows.Read())
        {
            found.Add(new StoredQuality(rows.Int64(0), rows.Text(1), rows.Int64(2), rows.Double(3), (QualityOrigin)rows.Int32(4) == QualityOrigin.Name ? null : new MediaProperties
            {
                Resolution = rows.TextOrNull(5),
                VideoCodec = rows.TextOrNull(6),
                Bitrate = rows.Int64OrNull(7),
                HasStreamBitrate = rows.Int32(17) == 1,
                AudioCodec = rows.TextOrNull(8),
                AudioChannels = rows.TextOrNull(9),
                Hdr = rows.TextOrNull(10)?.Split(' ') ?? [],
                DurationSeconds = rows.DoubleOrNull(11),
                Width = rows.Int32OrNull(12),
                Height = rows.Int32OrNull(13),
                FrameRate = rows.DoubleOrNull(14),
                VideoBitrate = rows.Int64OrNull(15),
                Container = rows.TextOrNull(16),
            }));
        }

        return new StoredBatch(found, found.Count == count ? found[^1].VersionId : Math.Max(0, before - Step));
    }, cancellation);

    public Task RescoreAsync(IReadOnlyList<(long VersionId, double Score)> scores, CancellationToken cancellation) => writer.RunAsync(
        connection =>
        {
            using var batch = new QualityBatch(connection);
            batch.Rescore(scores);
        },
        durable: false,
        cancellation);

    public void Dispose() => _sessions.Dispose();

    private static long ReadLastId(ReadSession session)
    {
        using var last = session.Prepare("SELECT coalesce(max(id), 0) FROM media_versions");
        last.Read();
        return last.Int64(0);
    }

    private Task<T> ReadAsync<T>(Func<ReadSession, T> read, CancellationToken cancellation) => Task.Run(() => _sessions.Read((session, _) => read(session)), cancellation);

    private List<AnalysisCandidate> ReadCandidates(Statement rows)
    {
        rows.Bind(1, time.GetUtcNow().ToUnixTimeMilliseconds());
        var found = new List<AnalysisCandidate>();
        while (rows.Read())
        {
            found.Add(new AnalysisCandidate(rows.Int64(0), rows.Int64(1), rows.Text(2), rows.Int64(3), rows.Int64(4), rows.Int32(6), rows.Int32(5)));
        }

        return found;
    }
}

/// <summary>Writes the results of analyses and updates the items. Triggers update the facets and counters.</summary>
internal sealed class QualityBatch(SqliteConnection connection) : IDisposable
{
    private readonly Statement _insertAnalysis = new(connection, """
        INSERT OR REPLACE INTO version_analyses (version_id, at, tries, error, retry_at, bytes_read, size, modified_at, width, height, frame_rate, video_bitrate, container, look, has_picture, contents)
        SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16 FROM media_versions WHERE id = ?1
        """);
    private readonly Statement _updateProperties = new(connection, $"""
        UPDATE media_versions SET resolution = ?2, video_codec = ?3, bitrate = ?4, audio_codec = ?5, audio_channels = ?6, hdr = ?7, duration_seconds = ?8,
          overall_score = ?9, quality_from = {(int)QualityOrigin.Probe}, has_stream_bitrate = ?10 WHERE id = ?1
        """);
    private readonly Statement _updateScore = new(connection, "UPDATE media_versions SET overall_score = ?2 WHERE id = ?1");
    private readonly Statement _selectVersion = new(connection, "SELECT item_id, resolution, video_codec FROM media_versions WHERE id = ?1");
    private readonly Statement _selectParent = new(connection, "SELECT parent_id FROM media_items WHERE id = ?1");
    private readonly Statement _updateBest = new(connection, $"""
        UPDATE media_items SET (best_resolution, best_codec, best_score) = ({ItemCounts.BestSql("?1")}) WHERE id = ?1
        """);

    /// <summary>Sets the versions' scores on the current scale.</summary>
    public void Rescore(IReadOnlyList<(long VersionId, double Score)> scores)
    {
        var items = new HashSet<long>();
        foreach (var (version, score) in scores)
        {
            _updateScore.Bind(1, version).Bind(2, score).Run();
            if (FindVersion(version) is { } copy)
            {
                items.Add(copy.Item);
            }
        }

        UpdateBestVersions(items);
    }

    public void Save(IReadOnlyList<Analysis> analyses)
    {
        var items = new HashSet<long>();
        using var presenceSets = new PresenceSetIndex(connection);
        using var presence = new PresenceUpdater(connection, presenceSets);
        foreach (var analysis in analyses)
        {
            SaveAnalysis(analysis);
            if (analysis is { Quality: { } quality, Result.Properties: { } properties } && FindVersion(analysis.Candidate.VersionId) is { } previous)
            {
                _updateProperties.Bind(1, analysis.Candidate.VersionId).Bind(2, quality.Resolution).Bind(3, quality.Codec).Bind(4, properties.Bitrate).Bind(5, quality.AudioCodec)
                    .Bind(6, quality.AudioChannels).Bind(7, quality.Hdr).Bind(8, analysis.Candidate.Files == 1 ? properties.DurationSeconds : null).Bind(9, quality.OverallScore)
                    .Bind(10, properties.HasStreamBitrate ? 1L : 0L).Run();
                items.Add(previous.Item);
                if ((quality.Resolution, quality.Codec) != (previous.Resolution, previous.Codec))
                {
                    presence.MarkItem(previous.Item);
                }
            }

            EmbeddedMetadata.Save(connection, analysis);
        }

        UpdateBestVersions(items);
        presence.Flush(null);
    }

    private (long Item, string? Resolution, string? Codec)? FindVersion(long version)
    {
        (long, string?, string?)? copy = _selectVersion.Bind(1, version).Read() ? (_selectVersion.Int64(0), _selectVersion.TextOrNull(1), _selectVersion.TextOrNull(2)) : null;
        _selectVersion.Reset();
        return copy;
    }

    /// <summary>Updates the items' best versions upwards, level by level, each item once.</summary>
    private void UpdateBestVersions(HashSet<long> items)
    {
        while (items.Count > 0)
        {
            var above = new HashSet<long>();
            foreach (var item in items)
            {
                _updateBest.Bind(1, item).Run();
                if (ReadNumber(_selectParent, item) is { } parent)
                {
                    above.Add(parent);
                }
            }

            items = above;
        }
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<Statement>)[_insertAnalysis, _updateProperties, _updateScore, _selectVersion, _selectParent, _updateBest])
        {
            statement.Dispose();
        }
    }

    private void SaveAnalysis(Analysis analysis)
    {
        var (copy, found, contents) = (analysis.Candidate, analysis.Result?.Properties, analysis.Result?.Contents);
        _insertAnalysis.Bind(1, copy.VersionId).Bind(2, analysis.At.ToUnixTimeMilliseconds()).Bind(3, analysis.Error is null ? 0L : copy.Attempts + 1).Bind(4, analysis.Error)
            .Bind(5, analysis.RetryAt?.ToUnixTimeMilliseconds()).Bind(6, analysis.Result?.BytesRead).Bind(7, copy.Size).Bind(8, copy.ModifiedAt)
            .Bind(9, (long?)found?.Width).Bind(10, (long?)found?.Height).Bind(11, found?.FrameRate).Bind(12, found?.VideoBitrate).Bind(13, found?.Container)
            .Bind(14, (long)AnalysisState.CurrentRevision).Bind(15, found is { HasPicture: true } || contents is { Cover: not null } ? 1L : 0L).Bind(16, contents is null ? null : JsonSerializer.Serialize(contents)).Run();
    }

    private static long? ReadNumber(Statement statement, long id)
    {
        var found = statement.Bind(1, id).Read() ? statement.Int64OrNull(0) : null;
        statement.Reset();
        return found;
    }
}
