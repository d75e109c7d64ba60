using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>A connection to one of the program's encrypted files that sets its key when it is opened.</summary>
public sealed class KeyedSqliteConnection : SqliteConnection
{
    private readonly SqliteFile _file;
    private bool _hasSlot;

    internal KeyedSqliteConnection(SqliteFile file, bool readOnly)
        : base(readOnly ? file.ReadOnlyConnectionString : file.ConnectionString) => _file = file;

    public override void Open()
    {
        if (!_hasSlot)
        {
            _file.AcquireSlot();
            _hasSlot = true;
        }

        try
        {
            lock (_file.PoolLock)
            {
                base.Open();
            }

            _file.Configure(this);
        }
        catch
        {
            ReleaseSlot();
            throw;
        }
    }

    public override void Close()
    {
        lock (_file.PoolLock)
        {
            base.Close();
        }

        ReleaseSlot();
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing)
        {
            base.Dispose(disposing);
            return;
        }

        lock (_file.PoolLock)
        {
            base.Dispose(disposing);
        }

        ReleaseSlot();
    }

    private void ReleaseSlot()
    {
        if (_hasSlot)
        {
            _hasSlot = false;
            _file.ReleaseSlot();
        }
    }
}

/// <summary>Creates keyed connections for code that manages its connections itself, such as the job store.</summary>
public sealed class KeyedSqliteFactory(SqliteFile file) : DbProviderFactory
{
    public override DbConnection CreateConnection() => file.CreateConnection();

    public override DbCommand CreateCommand() => new SqliteCommand();

    public override DbParameter CreateParameter() => new SqliteParameter();
}
