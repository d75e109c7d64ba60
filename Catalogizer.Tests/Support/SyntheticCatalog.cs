using System.Globalization;
using System.Text;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Tests.Support;

/// <summary>
/// Rows of a catalogue as scans of a few sources would have left them, inserted by SQL: word frequencies as uneven as in real titles,
/// sources scanned one after another, few ratings. The same seed gives the same rows.
/// </summary>
internal static class SyntheticCatalog
{
    private static readonly string[] Resolutions = ["1080p", "1080p", "1080p", "1080p", "720p", "720p", "2160p", "2160p", "480p", "576p"];
    private static readonly string[] Codecs = ["H.264", "H.264", "H.264", "H.264", "H.265", "H.265", "H.265", "XviD", "AV1", "MPEG-2"];

    /// <summary>Fills an empty catalogue and updates search, counters and indexes.</summary>
    /// <param name="itemCount">How many listed items; parts (seasons, episodes, tracks) come on top, one for every five listed items.</param>
    public static void Fill(SqliteConnection connection, int itemCount, int seed = 1)
    {
        SqlCipher.Execute(connection, "PRAGMA synchronous = OFF");
        SqlCipher.Execute(connection, "BEGIN");
        DeferredIndexes.Suspend(connection);
        new RowWriter(connection, itemCount, seed).WriteAll();
        DeferredIndexes.Resume(connection);
        while (DeferredIndexes.BuildNext(connection))
        {
            // One at a time, until none is left.
        }

        SqlCipher.Execute(connection, "COMMIT");
        SqlCipher.Execute(connection, "PRAGMA synchronous = NORMAL");
        SqlCipher.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>The words of which titles consist, the most common first.</summary>
    public static string[] CreateWords(int count)
    {
        string[] starts = ["b", "br", "c", "ch", "d", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "r", "s", "sh", "st", "t", "tr", "v", "w", ""];
        string[] middles = ["a", "e", "i", "o", "u", "ea", "oo", "ai"];
        string[] ends = ["", "n", "r", "s", "t", "l", "nd", "rk", "m", "ck"];
        var random = new Random(7);
        var words = new HashSet<string>(StringComparer.Ordinal) { "the", "of", "a" };
        while (words.Count < count)
        {
            var word = new StringBuilder();
            for (var syllables = 1 + random.Next(3); syllables > 0; syllables--)
            {
                word.Append(starts[random.Next(starts.Length)]).Append(middles[random.Next(middles.Length)]);
            }

            words.Add(word.Append(ends[random.Next(ends.Length)]).ToString());
        }

        return [.. words];
    }

    private sealed class RowWriter(SqliteConnection connection, int itemCount, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly string[] _words = CreateWords(Math.Clamp(itemCount / 20, 100, 50_000));
        /// <summary>Source and presence of the versions that items of the first source have.</summary>
        private readonly (int Source, int Presence)[][] _versionPlacements = [[(1, 0)], [(1, 0)], [(1, 0)], [(1, 0)], [(1, 0)], [(1, 0)], [(1, 0), (3, 0)], [(1, 0), (3, 0)], [(1, 2)], [(1, 2), (3, 0)]];
        private long _itemId;
        private long _fileId;
        private long _folderId = 10;
        private long _timestamp = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

        public void WriteAll()
        {
            SqlCipher.Execute(connection, """
                INSERT INTO sources (id, name, protocol, path, purpose, mode, watch, availability, since, created_at) VALUES
                  (1, 'Films', 'local', '/films', 'Main', 'AlwaysOn', 1, 0, 0, 0), (2, 'Music', 'local', '/music', 'Main', 'AlwaysOn', 1, 0, 0, 0),
                  (3, 'Archive', 'local', '/archive', 'Archive', 'MostlyOffline', 1, 1, 0, 0);
                INSERT INTO folders (id, source_id, path) VALUES (1, 1, ''), (2, 2, ''), (3, 3, '');
                DELETE FROM holdings;
                INSERT INTO holdings (id, pattern) VALUES (1, '');
                """);
            using var item = new Statement(connection, """
                INSERT INTO media_items (id, kind, media_type, is_work, parent_id, identity, identity_hash, title, sort_title, year, season, episode, rating,
                  holding_id, version_count, part_count, best_resolution, best_codec, best_score, first_seen_at, updated_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)
                """);
            using var version = new Statement(connection, """
                INSERT INTO media_versions (id, item_id, source_id, presence, resolution, video_codec, overall_score, quality_from, size, confidence)
                VALUES (?1, ?2, ?3, ?8, ?4, ?5, ?6, 0, ?7, 0.9)
                """);
            using var file = new Statement(connection, """
                INSERT INTO files (id, source_id, folder_id, name, size, modified_at, role, media_type, presence, version_id, first_seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8, ?1, ?6)
                """);
            using var folder = new Statement(connection, "INSERT INTO folders (id, source_id, parent_id, path) VALUES (?1, ?2, ?2, ?3)");
            using var fileEvent = new Statement(connection, "INSERT INTO file_events (id, file_id, kind, at) VALUES (?1, ?1, 0, ?2)");

            var created = 0;
            while (created < itemCount)
            {
                var (type, kind, source) = PickKind((double)created / itemCount);
                var title = type == MediaType.Photo ? string.Create(CultureInfo.InvariantCulture, $"IMG_{created:000000}.jpg") : CreateTitle();
                int? year = type is MediaType.Photo or MediaType.Other || _random.Next(20) == 0 ? null : 2025 - (int)(Math.Pow(_random.NextDouble(), 2.5) * 100);
                var video = type is MediaType.Movie or MediaType.TvShow;
                var resolution = video && _random.Next(10) > 0 ? Resolutions[_random.Next(Resolutions.Length)] : null;
                var codec = resolution is null ? null : Codecs[_random.Next(Codecs.Length)];
                var parts = kind is MediaKind.Series or MediaKind.Album && created % 2 == 0 ? 2 : 0;
                var placements = source == 1 ? _versionPlacements[_random.Next(_versionPlacements.Length)] : [(source, 0)];
                var parentId = Item(kind, type, true, null, title, year, null, null, parts == 0 ? placements.Length : 0, parts, resolution, codec);
                if (parts > 0)
                {
                    for (var part = 1; part <= parts; part++)
                    {
                        File(Item(kind == MediaKind.Album ? MediaKind.Track : MediaKind.Episode, type, false, parentId, _random.Next(2) == 0 ? CreateTitle() : null, null, 1, part, placements.Length, 0, resolution, codec), placements, type, resolution, codec, title);
                    }
                }
                else
                {
                    File(parentId, placements, type, resolution, codec, title);
                }

                created++;
                _timestamp += _random.Next(3) == 0 ? 40 : 0;
            }

            SqlCipher.Execute(connection, PresenceSet.RecountSql);

            long Item(MediaKind kind, MediaType type, bool isWork, long? parent, string? title, int? year, int? season, int? episode, int copies, int parts, string? resolution, string? codec)
            {
                var id = ++_itemId;
                var identity = string.Create(CultureInfo.InvariantCulture, $"{kind.ToApiName()}|{(title is null ? "" : TextNormalizer.Fold(title))}|{year}|{id}");
                item.Bind(1, id).Bind(2, (long)kind).Bind(3, (long)type).Bind(4, isWork ? 1L : 0).Bind(5, parent).Bind(6, identity).Bind(7, TextNormalizer.ComputeHash(identity))
                    .Bind(8, title).Bind(9, title is null ? null : TextNormalizer.ToSortTitle(title)).Bind(10, year).Bind(11, season).Bind(12, episode)
                    .Bind(13, isWork && _random.Next(50) == 0 ? Math.Round(_random.NextDouble() * 10, 1) : null)
                    .Bind(14, 1L).Bind(15, (long)copies).Bind(16, (long)parts).Bind(17, resolution).Bind(18, codec).Bind(19, resolution is null ? 0.0 : 50 + _random.Next(50))
                    .Bind(20, _timestamp).Bind(21, _timestamp + (_random.Next(30) == 0 ? _random.Next(100_000_000) : 0)).Run();
                return id;
            }

            void File(long itemId, (int Source, int Presence)[] placements, MediaType type, string? resolution, string? codec, string title)
            {
                Copy(itemId, placements[0], type, resolution, codec, title, 50.0);
                foreach (var placement in placements.Skip(1))
                {
                    var other = resolution is null ? null : Resolutions[_random.Next(Resolutions.Length)];
                    Copy(itemId, placement, type, other, other is null ? null : Codecs[_random.Next(Codecs.Length)], title, 40.0);
                }
            }

            void Copy(long itemId, (int Source, int Presence) placement, MediaType type, string? resolution, string? codec, string title, double score)
            {
                var (id, source) = (++_fileId, placement.Source);
                if (id % 5 == 1)
                {
                    folder.Bind(1, ++_folderId).Bind(2, source).Bind(3, string.Create(CultureInfo.InvariantCulture, $"{type.ToApiName()}/{title} {_folderId}")).Run();
                }

                version.Bind(1, id).Bind(2, itemId).Bind(3, source).Bind(4, resolution).Bind(5, codec).Bind(6, score).Bind(7, 700_000_000L + id).Bind(8, (long)placement.Presence).Run();
                file.Bind(1, id).Bind(2, source).Bind(3, _folderId).Bind(4, string.Create(CultureInfo.InvariantCulture, $"{title} {resolution} {codec} {id}.mkv")).Bind(5, 700_000_000L + id)
                    .Bind(6, _timestamp).Bind(7, (long)type).Bind(8, (long)placement.Presence).Run();
                fileEvent.Bind(1, id).Bind(2, _timestamp).Run();
            }
        }

        private (MediaType Type, MediaKind Kind, int Source) PickKind(double share) => share switch
        {
            < 0.45 => _random.Next(8) == 0 ? (MediaType.TvShow, MediaKind.Series, 1) : (MediaType.Movie, MediaKind.Film, 1),
            < 0.65 => (MediaType.Music, MediaKind.Album, 2),
            < 0.85 => (MediaType.Photo, MediaKind.Photo, 3),
            _ => _random.Next(6) switch
            {
                0 => (MediaType.Game, MediaKind.Game, 3),
                1 => (MediaType.Software, MediaKind.Program, 3),
                2 => (MediaType.Comic, MediaKind.Comic, 3),
                3 => (MediaType.Audiobook, MediaKind.Audiobook, 3),
                4 => (MediaType.Book, MediaKind.Book, 3),
                _ => (MediaType.Other, MediaKind.File, 3),
            },
        };

        /// <summary>One to four words. Approximates Zipf's law: the logarithm of a word's rank is evenly distributed.</summary>
        private string CreateTitle()
        {
            var title = new StringBuilder();
            for (var words = 1 + _random.Next(4); words > 0; words--)
            {
                var word = _words[(int)Math.Exp(_random.NextDouble() * Math.Log(_words.Length)) - 1];
                title.Append(title.Length > 0 ? " " : "").Append(char.ToUpperInvariant(word[0])).Append(word.AsSpan(1));
            }

            return title.ToString();
        }
    }
}
