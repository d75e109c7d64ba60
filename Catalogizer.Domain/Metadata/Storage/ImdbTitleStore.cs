using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata.Imdb;
using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Domain.Metadata.Storage;

/// <summary>IMDb's titles in a separate encrypted file. A file that is damaged or has another key counts as missing.</summary>
internal sealed class ImdbTitleStore(string path, string passphrase) : IImdbTitleStore, IDisposable
{
    private const string Columns = "t.id, t.title, t.original, t.year, t.genres, r.rating, coalesce(r.votes, 0)";

    private readonly ReaderWriterLockSlim _swapLock = new();
    private readonly Lock _openLock = new();
    private SqliteFile? _file;
    private ImdbDataset? _dataset;
    private bool _isOpened;

    public ImdbDataset? Dataset => EnsureOpened() is null ? null : _dataset;

    public Task<IReadOnlyList<ImdbTitle>> FindAsync(bool isFilm, string title, int? year, int max, CancellationToken cancellation) => ReadAsync<IReadOnlyList<ImdbTitle>>(
        session =>
        {
            using var rows = session.Prepare($"""
                SELECT {Columns} FROM titles t LEFT JOIN ratings r ON r.id = t.id
                WHERE t.rowid IN (SELECT id FROM titles WHERE title_key = ?1 UNION SELECT id FROM titles WHERE original_key = ?1) AND t.kind = ?2
                ORDER BY t.year IS ?3 DESC, coalesce(r.votes, 0) DESC LIMIT ?4
                """);
            rows.Bind(1, TextNormalizer.FoldWithoutArticle(title)).Bind(2, (long)(isFilm ? ImdbKind.Film : ImdbKind.Series)).Bind(3, (long?)year).Bind(4, (long)max);
            var found = new List<ImdbTitle>();
            while (rows.Read())
            {
                found.Add(ReadTitle(rows));
            }

            return found;
        },
        [],
        cancellation);

    public Task<ImdbTitle?> GetAsync(long id, CancellationToken cancellation) => ReadAsync<ImdbTitle?>(
        session =>
        {
            using var row = session.Prepare($"SELECT {Columns} FROM titles t LEFT JOIN ratings r ON r.id = t.id WHERE t.id = ?1 AND t.kind < 2");
            return row.Bind(1, id).Read() ? ReadTitle(row) : null;
        },
        null,
        cancellation);

    public Task<IReadOnlyList<int>> SeasonsAsync(long seriesId, CancellationToken cancellation) => ReadAsync<IReadOnlyList<int>>(
        session =>
        {
            using var rows = session.Prepare("SELECT DISTINCT season FROM episodes WHERE series = ?1 ORDER BY season LIMIT 500");
            rows.Bind(1, seriesId);
            var seasons = new List<int>();
            while (rows.Read())
            {
                seasons.Add(rows.Int32(0));
            }

            return seasons;
        },
        [],
        cancellation);

    public Task<IReadOnlyList<ImdbEpisode>> EpisodesAsync(long seriesId, int season, CancellationToken cancellation) => ReadAsync<IReadOnlyList<ImdbEpisode>>(
        session =>
        {
            using var rows = session.Prepare("""
                SELECT e.number, t.title, r.rating FROM episodes e LEFT JOIN titles t ON t.id = e.id LEFT JOIN ratings r ON r.id = e.id
                WHERE e.series = ?1 AND e.season = ?2 ORDER BY e.number LIMIT 2000
                """);
            rows.Bind(1, seriesId).Bind(2, (long)season);
            var episodes = new List<ImdbEpisode>();
            while (rows.Read())
            {
                episodes.Add(new ImdbEpisode(rows.Int32(0), rows.TextOrNull(1), rows.DoubleOrNull(2)));
            }

            return episodes;
        },
        [],
        cancellation);

    public IImdbDraft BeginImport() => new Draft(this, path + ".new", passphrase);

    public void Dispose()
    {
        _file?.Dispose();
        _swapLock.Dispose();
    }

    private static ImdbTitle ReadTitle(Statement row) =>
        new(row.Int64(0), row.Text(1), row.TextOrNull(2), row.Int32OrNull(3), row.TextOrNull(4), row.DoubleOrNull(5), row.Int64(6));

    private Task<T> ReadAsync<T>(Func<ReadSession, T> read, T none, CancellationToken cancellation) => Task.Run(
        () =>
        {
            _swapLock.EnterReadLock();
            try
            {
                if (EnsureOpened() is not { } file)
                {
                    return none;
                }

                using var session = new ReadSession(file, 4 * 1024);
                return read(session);
            }
            finally
            {
                _swapLock.ExitReadLock();
            }
        },
        cancellation);

    private SqliteFile? EnsureOpened()
    {
        lock (_openLock)
        {
            if (!_isOpened)
            {
                _isOpened = true;
                Open();
            }

            return _file;
        }
    }

    private void Open()
    {
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            _file = SqliteFile.Open(path, passphrase);
            using var session = new ReadSession(_file, 1024);
            using var row = session.Prepare("SELECT titles, imported_at FROM stock");
            _dataset = row.Read() ? new ImdbDataset(row.Int64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(1))) : null;
        }
        catch (Exception exception) when (exception is StartupException or Microsoft.Data.Sqlite.SqliteException)
        {
            _file?.Dispose();
            (_file, _dataset) = (null, null);
        }
    }

    private void ReplaceWith(string draft)
    {
        _swapLock.EnterWriteLock();
        try
        {
            lock (_openLock)
            {
                _file?.Dispose();
                (_file, _dataset, _isOpened) = (null, null, false);
                Draft.Remove(path);
                File.Move(draft, path);
            }
        }
        finally
        {
            _swapLock.ExitWriteLock();
        }
    }

    /// <summary>A connection that only inserts. An interrupted import always starts over, so nothing is synchronised or journalled.</summary>
    private sealed class Draft : IImdbDraft
    {
        private const int RowsInTransaction = 100_000;
        private readonly ImdbTitleStore _owner;
        private readonly string _path;
        private readonly SqliteFile _file;
        private readonly KeyedSqliteConnection _connection;
        private readonly Statement _title;
        private readonly Statement _rating;
        private readonly Statement _episode;
        private long _titles;
        private int _rows;
        private bool _closed;

        public Draft(ImdbTitleStore owner, string path, string passphrase)
        {
            (_owner, _path) = (owner, path);
            Remove(path);
            _file = SqliteFile.Open(path, passphrase);
            _connection = _file.OpenConnection();
            SqlCipher.Execute(_connection, """
                PRAGMA journal_mode = OFF;
                PRAGMA synchronous = OFF;
                CREATE TABLE titles (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, title TEXT NOT NULL, original TEXT, year INTEGER, genres TEXT, title_key TEXT, original_key TEXT);
                CREATE TABLE ratings (id INTEGER PRIMARY KEY, rating REAL NOT NULL, votes INTEGER NOT NULL);
                CREATE TABLE episodes (series INTEGER NOT NULL, season INTEGER NOT NULL, number INTEGER NOT NULL, id INTEGER NOT NULL);
                CREATE TABLE stock (titles INTEGER NOT NULL, imported_at INTEGER NOT NULL);
                BEGIN;
                """);
            _title = new Statement(_connection, "INSERT OR REPLACE INTO titles (id, kind, title, original, year, genres, title_key, original_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
            _rating = new Statement(_connection, "INSERT OR REPLACE INTO ratings (id, rating, votes) VALUES (?1, ?2, ?3)");
            _episode = new Statement(_connection, "INSERT INTO episodes (series, season, number, id) VALUES (?1, ?2, ?3, ?4)");
        }

        public static void Remove(string path) => Array.ForEach([path, path + "-wal", path + "-shm", path + "-journal"], File.Delete);

        public void AddTitle(ImdbKind kind, ImdbTitle title)
        {
            var searched = kind != ImdbKind.Episode;
            var key = searched ? TextNormalizer.FoldWithoutArticle(title.Title) : null;
            var original = searched && title.OriginalTitle is { } other && TextNormalizer.FoldWithoutArticle(other) is var folded && folded != key ? folded : null;
            _title.Bind(1, title.Id).Bind(2, (long)kind).Bind(3, title.Title).Bind(4, title.OriginalTitle).Bind(5, (long?)title.Year).Bind(6, title.Genres).Bind(7, key).Bind(8, original).Run();
            _titles++;
            CountRow();
        }

        public void AddRating(long id, double rating, long votes)
        {
            _rating.Bind(1, id).Bind(2, rating).Bind(3, votes).Run();
            CountRow();
        }

        public void AddEpisode(long seriesId, int season, int number, long id)
        {
            _episode.Bind(1, seriesId).Bind(2, (long)season).Bind(3, (long)number).Bind(4, id).Run();
            CountRow();
        }

        public void Commit(DateTimeOffset at)
        {
            using (var dataset = new Statement(_connection, "INSERT INTO stock (titles, imported_at) VALUES (?1, ?2)"))
            {
                dataset.Bind(1, _titles).Bind(2, at.ToUnixTimeMilliseconds()).Run();
            }

            SqlCipher.Execute(_connection, """
                COMMIT;
                CREATE INDEX ix_titles_title_key ON titles (title_key) WHERE title_key IS NOT NULL;
                CREATE INDEX ix_titles_original_key ON titles (original_key) WHERE original_key IS NOT NULL;
                CREATE INDEX ix_episodes_series ON episodes (series, season, number);
                """);
            Close();
            _owner.ReplaceWith(_path);
        }

        public void Dispose()
        {
            if (!_closed)
            {
                Close();
                Remove(_path);
            }
        }

        private void CountRow()
        {
            if (++_rows % RowsInTransaction == 0)
            {
                SqlCipher.Execute(_connection, "COMMIT; BEGIN");
            }
        }

        private void Close()
        {
            _closed = true;
            _title.Dispose();
            _rating.Dispose();
            _episode.Dispose();
            _connection.Dispose();
            _file.Dispose();
        }
    }
}
