using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>What a connection is kept for, so that the listing of a great folder holds up nobody who reads a file.</summary>
internal enum SmbUse
{
    List,
    Read,
    Watch,
}

/// <summary>The program's end of one connection to a file server, which a worker holds. One call at a time.</summary>
internal sealed class SmbConnection(SmbWorkerProcess worker, SmbLogin login, SmbUse use) : IDisposable
{
    private readonly SmbFrame _request = new();
    private readonly byte[] _head = new byte[SmbFrame.Head];
    private byte[] _body = new byte[1024];
    private Socket? _socket;

    public SmbWorkerProcess Worker => worker;

    public SmbLogin Login => login;

    public SmbUse Use => use;

    /// <summary>Held during a call.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>Calls that wait or run and files that are open; to be touched under the lock of the worker's connections.</summary>
    public int Load { get; set; }

    /// <summary>When it was last used, as a timestamp.</summary>
    public long UsedAt { get; set; }

    /// <summary>What ended it.</summary>
    public SmbException? End { get; private set; }

    public bool IsConnected => _socket is not null;

    /// <param name="limit">How long the file server may take for one step of an answer.</param>
    public async Task ConnectAsync(SmbPasswords passwords, TimeSpan limit)
    {
        _socket = await worker.ConnectAsync();
        var password = passwords.Open(login.SealedPassword);
        _request.Begin((byte)SmbCall.Connect).Put(login.Host).Put(login.Port).Put(login.Share).Put(login.Domain).Put(login.User)
            .Put((byte)login.Encryption).Put((int)limit.TotalMilliseconds).Put(password);
        CryptographicOperations.ZeroMemory(password);
        try
        {
            await DoneAsync();
        }
        finally
        {
            _request.Wipe();
        }
    }

    public async Task<FolderContent> ListAsync(string folder)
    {
        await SendAsync(SmbCall.List, folder);
        var entries = new List<SourceEntry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var listed = 0;
        while (await ReceiveAsync() is (SmbAnswer.Part, var part))
        {
            listed += Read(part.Span, entries, names);
        }

        return Whole();

        FolderContent Whole()
        {
            var fields = new SmbFields(_body);
            return new FolderContent(fields.Long(), entries, fields.Int() + listed - entries.Count);
        }
    }

    public async Task<(bool IsFolder, long Size, long ModifiedAt)> AskAsync(string path)
    {
        await SendAsync(SmbCall.Ask, path);
        var (_, body) = await ReceiveAsync();
        var fields = new SmbFields(body.Span);
        return (fields.Byte() != 0, fields.Long(), fields.Long());
    }

    public async Task<SourceSpace> SpaceAsync(string folder)
    {
        await SendAsync(SmbCall.Space, folder);
        var (_, body) = await ReceiveAsync();
        var fields = new SmbFields(body.Span);
        return new SourceSpace(fields.Long(), fields.Long());
    }

    public async Task<IReadOnlyList<ShareChoice>> SharesAsync()
    {
        await SendAsync(SmbCall.Shares);
        var (_, body) = await ReceiveAsync();
        var shares = new List<ShareChoice>();
        for (var fields = new SmbFields(body.Span); !fields.AtEnd;)
        {
            shares.Add(new ShareChoice(fields.Text(), fields.Text()));
        }

        return shares;
    }

    public async Task<(int File, long Size, long ModifiedAt)> OpenAsync(string path)
    {
        await SendAsync(SmbCall.Open, path);
        var (_, body) = await ReceiveAsync();
        var fields = new SmbFields(body.Span);
        return (fields.Int(), fields.Long(), fields.Long());
    }

    /// <summary>Reads as much as there is, at most as much as fits; straight into its place.</summary>
    public async Task<int> ReadAsync(int file, long at, Memory<byte> into)
    {
        _request.Begin((byte)SmbCall.Read).Put(file).Put(at).Put(into.Length);
        await SendAsync();
        var (answer, length) = await ReceiveHeadAsync();
        if (answer == SmbAnswer.Done && length <= into.Length)
        {
            await ReceiveAllAsync(into[..length]);
            return length;
        }

        await ReceiveBodyAsync(length);
        throw Failure(answer);
    }

    public async Task<bool> CloseAsync(int file)
    {
        _request.Begin((byte)SmbCall.Close).Put(file);
        await DoneAsync();
        return true;
    }

    /// <summary>Begins to watch; then <see cref="NextChangesAsync"/> tells.</summary>
    public Task WatchAsync(string folder) => SendAsync(SmbCall.Watch, folder);

    /// <summary>What happened next: actions and paths with '\'. Null when more happened than the server could tell.</summary>
    public async Task<IReadOnlyList<(byte Action, string Path)>?> NextChangesAsync()
    {
        var (answer, body) = await ReceiveAsync();
        if (answer == SmbAnswer.Done)
        {
            return null;
        }

        var changes = new List<(byte, string)>();
        for (var fields = new SmbFields(body.Span); !fields.AtEnd;)
        {
            changes.Add((fields.Byte(), fields.Text()));
        }

        return changes;
    }

    /// <summary>Ends it for every call to come.</summary>
    public void Break(SmbException why)
    {
        End ??= why;
        Dispose();
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>Each name once, whatever the server says.</summary>
    private static int Read(ReadOnlySpan<byte> part, List<SourceEntry> entries, HashSet<string> names)
    {
        var listed = 0;
        for (var fields = new SmbFields(part); !fields.AtEnd; listed++)
        {
            var (isFolder, size, modifiedAt, name) = (fields.Byte() != 0, fields.Long(), fields.Long(), fields.Text());
            if (names.Add(name))
            {
                entries.Add(new SourceEntry(name, isFolder, isFolder ? 0 : size, modifiedAt, null));
            }
        }

        return listed;
    }

    private async Task DoneAsync()
    {
        await SendAsync();
        await ReceiveAsync();
    }

    private Task SendAsync(SmbCall call, string path)
    {
        _request.Begin((byte)call).Put(path);
        return SendAsync();
    }

    private Task SendAsync(SmbCall call)
    {
        _request.Begin((byte)call);
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
            throw Broken();
        }
    }

    /// <summary>An answer's kind and its fields, which stand until the next one.</summary>
    /// <exception cref="SmbException">The call failed, or the worker ended.</exception>
    private async Task<(SmbAnswer Answer, ReadOnlyMemory<byte> Body)> ReceiveAsync()
    {
        var (answer, length) = await ReceiveHeadAsync();
        var body = await ReceiveBodyAsync(length);
        return answer == SmbAnswer.Failed ? throw Failure(answer) : (answer, body);
    }

    private async Task<(SmbAnswer Answer, int Length)> ReceiveHeadAsync()
    {
        await ReceiveAllAsync(_head);
        return ((SmbAnswer)_head[4], BinaryPrimitives.ReadInt32LittleEndian(_head) - 1);
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

    private async ValueTask ReceiveAllAsync(Memory<byte> into)
    {
        try
        {
            while (!into.IsEmpty)
            {
                var received = await _socket!.ReceiveAsync(into);
                if (received == 0)
                {
                    throw Broken();
                }

                into = into[received..];
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            throw Broken();
        }
    }

    private SmbException Failure(SmbAnswer answer)
    {
        var fields = new SmbFields(_body);
        return answer == SmbAnswer.Failed ? new SmbException((SmbTrouble)fields.Byte(), fields.Int()) : new SmbException(SmbTrouble.Other);
    }

    /// <summary>The worker ended in the middle: nothing can be asked here any more.</summary>
    private SmbException Broken()
    {
        Break(new SmbException(SmbTrouble.Dropped));
        return End!;
    }
}
