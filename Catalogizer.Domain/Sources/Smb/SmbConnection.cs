using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>The purpose that a connection is reserved for, so that listing a large folder does not block reading a file.</summary>
internal enum SmbConnectionPurpose
{
    List,
    Read,
    Watch,
}

/// <summary>This process's end of one connection to a file server, which a worker holds. Runs one call at a time.</summary>
internal sealed class SmbConnection(SmbWorkerProcess worker, SmbLogin login, SmbConnectionPurpose purpose) : IDisposable
{
    private readonly SmbFrame _request = new();
    private readonly byte[] _header = new byte[SmbFrame.HeaderSize];
    private byte[] _body = new byte[1024];
    private Socket? _socket;

    public SmbWorkerProcess Worker => worker;

    public SmbLogin Login => login;

    public SmbConnectionPurpose Purpose => purpose;

    /// <summary>Must be held during a call.</summary>
    public SemaphoreSlim CallLock { get; } = new(1);

    /// <summary>Number of waiting and running calls and open files. Access it only under the lock of <see cref="SmbWorkerProcess.Connections"/>.</summary>
    public int UseCount { get; set; }

    /// <summary>Timestamp of the last use.</summary>
    public long UsedAt { get; set; }

    /// <summary>What ended the connection; null while it is usable.</summary>
    public SmbException? AbortReason { get; private set; }

    public bool IsConnected => _socket is not null;

    /// <param name="limit">Time limit of the file server for each step of a response.</param>
    public async Task ConnectAsync(SmbPasswords passwords, TimeSpan limit)
    {
        _socket = await worker.ConnectAsync();
        var password = passwords.Unseal(login.SealedPassword);
        _request.Begin((byte)SmbRequest.Connect).Write(login.Host).Write(login.Port).Write(login.Share).Write(login.Domain).Write(login.User)
            .Write((byte)login.Encryption).Write((int)limit.TotalMilliseconds).Write(password);
        CryptographicOperations.ZeroMemory(password);
        try
        {
            await SendAndConfirmAsync();
        }
        finally
        {
            _request.Wipe();
        }
    }

    public async Task<FolderContent> ListAsync(string folder)
    {
        await SendAsync(SmbRequest.List, folder);
        var entries = new List<SourceEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var listed = 0;
        while (await ReceiveAsync() is (SmbResponse.Part, var part))
        {
            listed += ParseEntries(part.Span, entries, names);
        }

        return CreateContent();

        FolderContent CreateContent()
        {
            var fields = new SmbFrameReader(_body);
            return new FolderContent(fields.ReadInt64(), entries, fields.ReadInt32() + listed - entries.Count);
        }
    }

    public async Task<(bool IsFolder, long Size, long ModifiedAt)> StatAsync(string path)
    {
        await SendAsync(SmbRequest.Stat, path);
        var (_, body) = await ReceiveAsync();
        var fields = new SmbFrameReader(body.Span);
        return (fields.ReadByte() != 0, fields.ReadInt64(), fields.ReadInt64());
    }

    public async Task<SourceSpace> GetSpaceAsync(string folder)
    {
        await SendAsync(SmbRequest.Space, folder);
        var (_, body) = await ReceiveAsync();
        var fields = new SmbFrameReader(body.Span);
        return new SourceSpace(fields.ReadInt64(), fields.ReadInt64());
    }

    public async Task<IReadOnlyList<NetworkShare>> ListSharesAsync()
    {
        await SendAsync(SmbRequest.Shares);
        var (_, body) = await ReceiveAsync();
        var shares = new List<NetworkShare>();
        for (var fields = new SmbFrameReader(body.Span); !fields.IsAtEnd;)
        {
            shares.Add(new NetworkShare(fields.ReadString(), fields.ReadString()));
        }

        return shares;
    }

    public async Task<(int File, long Size, long ModifiedAt)> OpenAsync(string path)
    {
        await SendAsync(SmbRequest.Open, path);
        var (_, body) = await ReceiveAsync();
        var fields = new SmbFrameReader(body.Span);
        return (fields.ReadInt32(), fields.ReadInt64(), fields.ReadInt64());
    }

    /// <summary>Reads up to the length of <paramref name="buffer"/>, without an intermediate copy; fewer bytes at the end of the file.</summary>
    public async Task<int> ReadAsync(int file, long offset, Memory<byte> buffer)
    {
        _request.Begin((byte)SmbRequest.Read).Write(file).Write(offset).Write(buffer.Length);
        await SendAsync();
        var (response, length) = await ReceiveHeaderAsync();
        if (response == SmbResponse.Done && length <= buffer.Length)
        {
            await ReceiveAllAsync(buffer[..length]);
            return length;
        }

        await ReceiveBodyAsync(length);
        throw CreateException(response);
    }

    public async Task<bool> CloseAsync(int file)
    {
        _request.Begin((byte)SmbRequest.Close).Write(file);
        await SendAndConfirmAsync();
        return true;
    }

    /// <summary>Starts a watch, whose changes are read with <see cref="ReadChangesAsync"/>.</summary>
    public Task WatchAsync(string folder) => SendAsync(SmbRequest.Watch, folder);

    /// <summary>Waits for the next changes: actions, and paths with '\'. Null when more happened than the server could report.</summary>
    public async Task<IReadOnlyList<(byte Action, string Path)>?> ReadChangesAsync()
    {
        var (response, body) = await ReceiveAsync();
        if (response == SmbResponse.Done)
        {
            return null;
        }

        var changes = new List<(byte, string)>();
        for (var fields = new SmbFrameReader(body.Span); !fields.IsAtEnd;)
        {
            changes.Add((fields.ReadByte(), fields.ReadString()));
        }

        return changes;
    }

    /// <summary>Ends the connection for all further calls; the first reason is kept.</summary>
    public void Abort(SmbException reason)
    {
        AbortReason ??= reason;
        Dispose();
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>Skips repeated names, since a server may list a name twice.</summary>
    private static int ParseEntries(ReadOnlySpan<byte> part, List<SourceEntry> entries, HashSet<string> names)
    {
        var listed = 0;
        for (var fields = new SmbFrameReader(part); !fields.IsAtEnd; listed++)
        {
            var (isFolder, size, modifiedAt, name) = (fields.ReadByte() != 0, fields.ReadInt64(), fields.ReadInt64(), fields.ReadString());
            if (names.Add(name))
            {
                entries.Add(new SourceEntry(name, isFolder, isFolder ? 0 : size, modifiedAt, null));
            }
        }

        return listed;
    }

    private async Task SendAndConfirmAsync()
    {
        await SendAsync();
        await ReceiveAsync();
    }

    private Task SendAsync(SmbRequest request, string path)
    {
        _request.Begin((byte)request).Write(path);
        return SendAsync();
    }

    private Task SendAsync(SmbRequest request)
    {
        _request.Begin((byte)request);
        return SendAsync();
    }

    private async Task SendAsync()
    {
        try
        {
            for (var left = _request.Finish(); !left.IsEmpty;)
            {
                left = left[await _socket!.SendAsync(left)..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw AbortAsDropped();
        }
    }

    /// <summary>Receives a response and its fields, which are valid until the next response.</summary>
    /// <exception cref="SmbException">The call failed, or the worker ended.</exception>
    private async Task<(SmbResponse Answer, ReadOnlyMemory<byte> Body)> ReceiveAsync()
    {
        var (response, length) = await ReceiveHeaderAsync();
        var body = await ReceiveBodyAsync(length);
        return response == SmbResponse.Failed ? throw CreateException(response) : (response, body);
    }

    private async Task<(SmbResponse Answer, int Length)> ReceiveHeaderAsync()
    {
        await ReceiveAllAsync(_header);
        return ((SmbResponse)_header[4], BinaryPrimitives.ReadInt32LittleEndian(_header) - 1);
    }

    private async Task<ReadOnlyMemory<byte>> ReceiveBodyAsync(int length)
    {
        if (_body.Length < length)
        {
            _body = new byte[Math.Max(length, _body.Length * 2)];
        }

        await ReceiveAllAsync(_body.AsMemory(0, length));
        return _body.AsMemory(0, length);
    }

    private async ValueTask ReceiveAllAsync(Memory<byte> buffer)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                var received = await _socket!.ReceiveAsync(buffer);
                if (received == 0)
                {
                    throw AbortAsDropped();
                }

                buffer = buffer[received..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw AbortAsDropped();
        }
    }

    private SmbException CreateException(SmbResponse response)
    {
        var fields = new SmbFrameReader(_body);
        return response == SmbResponse.Failed ? new SmbException((SmbError)fields.ReadByte(), fields.ReadInt32()) : new SmbException(SmbError.Other);
    }

    /// <summary>The worker ended during the call, so the connection is no longer usable.</summary>
    private SmbException AbortAsDropped()
    {
        Abort(new SmbException(SmbError.Dropped));
        return AbortReason!;
    }
}
