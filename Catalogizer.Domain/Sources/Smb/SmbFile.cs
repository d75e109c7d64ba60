
namespace Catalogizer.Domain.Sources.Smb;

/// <summary>An open file on a file server.</summary>
internal sealed class SmbFile(ResilientSmbManager manager, SmbConnection connection, int file, long size, long modifiedAt) : IAsyncDisposable
{
    public long Size => size;

    public long ModifiedAt => modifiedAt;

    /// <exception cref="SmbException"/>
    public Task<int> ReadAsync(long offset, Memory<byte> buffer) => manager.RunAsync(connection, c => c.ReadAsync(file, offset, buffer), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await manager.RunAsync(connection, c => c.CloseAsync(file), CancellationToken.None);
        }
        catch (SmbException)
        {
            // The file was closed with its connection.
        }
        finally
        {
            ResilientSmbManager.ReleaseConnection(connection);
        }
    }
}
