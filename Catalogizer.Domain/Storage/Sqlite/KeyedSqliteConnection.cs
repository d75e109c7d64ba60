using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>A connection to one of the program's encrypted files that keys itself when it is opened.</summary>
public sealed class KeyedSqliteConnection : SqliteConnection
{
    private readonly SqliteFile _file;
    private bool _counted;

    internal KeyedSqliteConnection(SqliteFile file, bool readOnly)
        : base(readOnly ? file.ReadOnlyConnectionString : file.ConnectionString) => _file = file;

    public override void Open()
    {
        if (!_counted)
        {
            _file.Enter();
            _counted = true;
        }

        try
        {
            lock (_file.Pool)
            {
                base.Open();
            }

            _file.SetUp(this);
        }
        catch
        {
            Leave();
            throw;
        }
    }

    public override void Close()
    {
        lock (_file.Pool)
        {
            base.Close();
        }

        Leave();
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            base.Dispose(disposing);
            return;
        }

        lock (_file.Pool)
        {
            base.Dispose(disposing);
        }

        Leave();
    }

    private void Leave()
    {
        if (_counted)
        {
            _counted = false;
            _file.Leave();
        }
    }
}

/// <summary>Makes keyed connections for code that owns its connections, such as the job store.</summary>
public sealed class KeyedSqliteFactory(SqliteFile file) : DbProviderFactory
{
    public override DbConnection CreateConnection() => file.CreateConnection();

    public override DbCommand CreateCommand() => new SqliteCommand();

    public override DbParameter CreateParameter() => new SqliteParameter();
}
