using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>What a connection is kept for, so that the listing of a great folder holds up nobody who reads a file.</summary>
internal enum SmbConnectionPurpose
{
    List,
    Read,
    Watch,
}

/// <summary>The program's end of one connection to a file server, which a worker holds. One call at a time.</summary>
internal sealed class SmbConnection(SmbWorkerProcess worker, SmbLogin login, SmbConnectionPurpose purpose) : IDisposable
{
    private readonly SmbFrame _request = new();
    private readonly byte[] _header = new byte[SmbFrame.HeaderSize];
    private byte[] _body = new byte[1024];
    private Socket? _socket;

    public SmbWorkerProcess Worker => worker;

    public SmbLogin Login => login;

    public SmbConnectionPurpose Purpose => purpose;

    /// <summary>Held during a call.</summary>
    public SemaphoreSlim CallLock { get; } = new(1);

    /// <summary>Calls that wait or run and files that are open; to be touched under the lock of the worker's connections.</summary>
    public int UseCount { get; set; }

    /// <summary>When it was last used, as a timestamp.</summary>
    public long UsedAt { get; set; }

    /// <summary>What ended it.</summary>
    public SmbException? AbortReason { get; private set; }

    public bool IsConnected => _socket is not null;

    /// <param name="limit">How long the file server may take for one step of an answer.</param>
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

    /// <summary>Reads as much as there is, at most as much as fits; straight into its place.</summary>
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

    /// <summary>Begins to watch; then <see cref="ReadChangesAsync"/> tells.</summary>
    public Task WatchAsync(string folder) => SendAsync(SmbRequest.Watch, folder);

    /// <summary>What happened next: actions and paths with '\'. Null when more happened than the server could tell.</summary>
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

    /// <summary>Ends it for every call to come.</summary>
    public void Abort(SmbException reason)
    {
        AbortReason ??= reason;
        Dispose();
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>Each name once, whatever the server says.</summary>
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

    /// <summary>An answer's kind and its fields, which stand until the next one.</summary>
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

    /// <summary>The worker ended in the middle: nothing can be asked here any more.</summary>
    private SmbException AbortAsDropped()
    {
        Abort(new SmbException(SmbError.Dropped));
        return AbortReason!;
    }
}
