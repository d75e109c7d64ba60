using System.Buffers.Binary;
using System.Net.Sockets;
using Catalogizer.Domain.Sources.Smb.Samba;

namespace Catalogizer.Domain.Sources.Smb.Worker;

/// <summary>One connection to the file server and the thread that uses it; handles one request after the other.</summary>
internal sealed class SmbWorkerSession(Socket parent) : IDisposable
{
    private const int MaxPartBytes = 64 * 1024;

    private readonly Dictionary<int, nint> _files = [];
    private byte[] _request = new byte[1024];
    private SmbFrame _response = new();

    /// <summary>The response to the next read when a file is read sequentially; empty when nothing was read ahead.</summary>
    private SmbFrame _responseAhead = new();

    /// <summary>The read that would continue the last one; its size is 0 until a file is read sequentially.</summary>
    private (int File, long At, int Size) _nextRead;
    private SambaConnection? _connection;
    private EncryptionGuard? _guard;
    private int _lastFileId;

    private SambaConnection Connection => _connection ?? throw new SmbException(SmbError.Other);

    public void Serve()
    {
        try
        {
            while (ReceiveRequest() is { Length: > 0 } request)
            {
                Respond((SmbRequest)request[0], new SmbFrameReader(request[1..]));
                parent.SendAll(_response.Finish());
                ReadAhead();    // overlaps with the parent processing the response
            }
        }
        catch (SocketException)
        {
            // The parent closed the connection.
        }

        Dispose();
    }

    public void Dispose()
    {
        lock (SambaRuntime.ConnectionLock)
        {
            _connection?.Dispose();
        }

        _guard?.Dispose();
        parent.Dispose();
    }

    private ReadOnlySpan<byte> ReceiveRequest()
    {
        if (!parent.ReceiveAll(_request.AsSpan(0, 4)))
        {
            return default;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_request);
        if (length > _request.Length)
        {
            _request = new byte[length];
        }

        return parent.ReceiveAll(_request.AsSpan(0, length)) ? _request.AsSpan(0, length) : default;
    }

    private void Respond(SmbRequest request, SmbFrameReader fields)
    {
        try
        {
            _response.Begin((byte)SmbResponse.Done);
            Execute(request, fields);
        }
        catch (SmbException exception)
        {
            var error = _guard is { HasBlocked: true } ? SmbError.NotEncrypted : exception.Kind;
            _response.Begin((byte)SmbResponse.Failed).Write((byte)error).Write(exception.ErrorNumber);
        }
    }

    private void Execute(SmbRequest request, SmbFrameReader fields)
    {
        switch (request)
        {
            case SmbRequest.Connect:
                Connect(fields);
                break;
            case SmbRequest.List:
                List(fields.ReadString());
                break;
            case SmbRequest.Stat:
                var (isFolder, size, modifiedAt) = Connection.Stat(fields.ReadString());
                _response.Write((byte)(isFolder ? 1 : 0)).Write(size).Write(modifiedAt);
                break;
            case SmbRequest.Open:
                Open(fields.ReadString());
                break;
            case SmbRequest.Read:
                Read(fields.ReadInt32(), fields.ReadInt64(), fields.ReadInt32());
                break;
            case SmbRequest.Close:
                if (_files.Remove(fields.ReadInt32(), out var file))
                {
                    Connection.CloseFile(file);
                }

                break;
            case SmbRequest.Space:
                var (free, total) = Connection.GetSpace(fields.ReadString());
                _response.Write(free).Write(total);
                break;
            case SmbRequest.Shares:
                foreach (var share in Connection.ListShares())
                {
                    _response.Write(share.Name).Write(share.Comment);
                }

                break;
            case SmbRequest.Watch:
                Watch(fields.ReadString());
                break;
            default:
                throw new SmbException(SmbError.Other);
        }
    }

    private void Connect(SmbFrameReader fields)
    {
        var login = new SmbLogin(fields.ReadString(), fields.ReadInt32(), fields.ReadString(), fields.ReadString(), fields.ReadString(), null, (SmbEncryption)fields.ReadByte());
        var limit = TimeSpan.FromMilliseconds(fields.ReadInt32());
        var password = fields.ReadBytes().ToArray();
        _request.AsSpan().Clear();
        var (host, port) = (login.Host, login.Port);
        if (login.Encryption == SmbEncryption.Required)
        {
            _guard = EncryptionGuard.StartFor(login.Host, login.Port);
            (host, port) = (EncryptionGuard.LoopbackHost, _guard.Port);
        }

        lock (SambaRuntime.ConnectionLock)
        {
            _connection = new SambaConnection(login, password, host, port, limit);
            _connection.Connect();
        }
    }

    private void List(string path)
    {
        var (folderModifiedAt, unlisted) = (0L, 0);
        _response.Begin((byte)SmbResponse.Part);
        Connection.List(path, (name, isFolder, isRedirected, size, modifiedAt) =>
        {
            if (name.SequenceEqual("."u8))
            {
                folderModifiedAt = modifiedAt;
            }
            else if ((isFolder && isRedirected) || name.IsEmpty || name.ContainsAny((byte)'/', (byte)'\\'))
            {
                unlisted++;     // a folder that is a link can form a loop
            }
            else
            {
                _response.Write((byte)(isFolder ? 1 : 0)).Write(size).Write(modifiedAt).Write(name);
                if (_response.Length >= MaxPartBytes)
                {
                    parent.SendAll(_response.Finish());
                    _response.Begin((byte)SmbResponse.Part);
                }
            }
        });
        parent.SendAll(_response.Finish());
        _response.Begin((byte)SmbResponse.Done).Write(folderModifiedAt).Write(unlisted);
    }

    private void Open(string path)
    {
        var (isFolder, size, modifiedAt) = Connection.Stat(path);
        if (isFolder)
        {
            throw new SmbException(SmbError.NotFound);
        }

        _files.Add(++_lastFileId, Connection.OpenFile(path));
        _response.Write(_lastFileId).Write(size).Write(modifiedAt);
    }

    private void Read(int file, long offset, int size)
    {
        if (!_files.TryGetValue(file, out var handle))
        {
            throw new SmbException(SmbError.Dropped);
        }

        var (next, isSequential) = (_nextRead, _nextRead.File == file && _nextRead.At == offset);
        _nextRead = default;
        if (isSequential && size <= next.Size && _responseAhead.Length > SmbFrame.HeaderSize)
        {
            (_response, _responseAhead) = (_responseAhead, _response);
            _response.Shrink(Math.Max(0, _response.Length - SmbFrame.HeaderSize - size));
        }
        else
        {
            var read = Connection.Read(handle, offset, _response.Grow(size));
            _response.Shrink(size - read);
        }

        _responseAhead.Begin((byte)SmbResponse.Done);
        var sent = _response.Length - SmbFrame.HeaderSize;
        _nextRead = sent == size ? (file, offset + size, isSequential ? size : 0) : default;
    }

    /// <summary>Reads what the parent will request next if it continues to read sequentially.</summary>
    private void ReadAhead()
    {
        if (_nextRead.Size == 0 || _responseAhead.Length > SmbFrame.HeaderSize || !_files.TryGetValue(_nextRead.File, out var handle))     // read already, or closed
        {
            return;
        }

        try
        {
            var read = Connection.Read(handle, _nextRead.At, _responseAhead.Grow(_nextRead.Size));
            _responseAhead.Shrink(_nextRead.Size - read);
        }
        catch (SmbException)
        {
            // The parent gets the error when it requests this read.
            _responseAhead.Begin((byte)SmbResponse.Done);
            _nextRead = default;
        }
    }

    private void Watch(string path)
    {
        var isEstablished = false;
        var complete = Connection.Watch(path, changes =>
        {
            if (changes.Count > 0 || !isEstablished)
            {
                _response.Begin((byte)SmbResponse.Part);
                foreach (var (action, changed) in changes)
                {
                    _response.Write((byte)action).Write(changed);
                }

                parent.SendAll(_response.Finish());
                isEstablished = true;
            }

            return parent.Poll(0, SelectMode.SelectRead);   // no further requests come during a watch, so readable means that the parent closed the connection
        });
        _response.Begin((byte)SmbResponse.Done).Write((byte)(complete ? 1 : 0));
    }
}
