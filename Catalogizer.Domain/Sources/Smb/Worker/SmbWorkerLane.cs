using System.Buffers.Binary;
using System.Net.Sockets;
using Catalogizer.Domain.Sources.Smb.Samba;

namespace Catalogizer.Domain.Sources.Smb.Worker;

/// <summary>One connection to the file server and the thread that it belongs to: answers one call after the other.</summary>
internal sealed class SmbWorkerLane(Socket program) : IDisposable
{
    private const int PartSize = 64 * 1024;

    private readonly Dictionary<int, nint> _files = [];
    private byte[] _request = new byte[1024];
    private SmbFrame _answer = new();

    /// <summary>The answer to the next read of a file that is read through; has no content when there is none.</summary>
    private SmbFrame _ahead = new();

    /// <summary>The read that follows the last one; its size is 0 until a file is read on and on.</summary>
    private (int File, long At, int Size) _next;
    private SambaConnection? _connection;
    private EncryptionGuard? _guard;
    private int _lastFile;

    private SambaConnection Connection => _connection ?? throw new SmbException(SmbTrouble.Other);

    public void Serve()
    {
        try
        {
            while (Receive() is { Length: > 0 } request)
            {
                Answer((SmbCall)request[0], new SmbFields(request[1..]));
                program.SendAll(_answer.Finish());
                ReadAhead();    // the file server works while the program takes what was sent
            }
        }
        catch (SocketException)
        {
            // The program hung up.
        }

        Dispose();
    }

    public void Dispose()
    {
        lock (SambaRuntime.Gate)
        {
            _connection?.Dispose();
        }

        _guard?.Dispose();
        program.Dispose();
    }

    private ReadOnlySpan<byte> Receive()
    {
        if (!program.ReceiveAll(_request.AsSpan(0, 4)))
        {
            return default;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(_request);
        if (length > _request.Length)
        {
            _request = new byte[length];
        }

        return program.ReceiveAll(_request.AsSpan(0, length)) ? _request.AsSpan(0, length) : default;
    }

    private void Answer(SmbCall call, SmbFields fields)
    {
        try
        {
            _answer.Begin((byte)SmbAnswer.Done);
            Do(call, fields);
        }
        catch (SmbException exception)
        {
            var trouble = _guard is { HasCut: true } ? SmbTrouble.NotEncrypted : exception.Trouble;
            _answer.Begin((byte)SmbAnswer.Failed).Put((byte)trouble).Put(exception.Error);
        }
    }

    private void Do(SmbCall call, SmbFields fields)
    {
        switch (call)
        {
            case SmbCall.Connect:
                Connect(fields);
                break;
            case SmbCall.List:
                List(fields.Text());
                break;
            case SmbCall.Ask:
                var (isFolder, size, modifiedAt) = Connection.Ask(fields.Text());
                _answer.Put((byte)(isFolder ? 1 : 0)).Put(size).Put(modifiedAt);
                break;
            case SmbCall.Open:
                Open(fields.Text());
                break;
            case SmbCall.Read:
                Read(fields.Int(), fields.Long(), fields.Int());
                break;
            case SmbCall.Close:
                if (_files.Remove(fields.Int(), out var file))
                {
                    Connection.CloseFile(file);
                }

                break;
            case SmbCall.Space:
                var (free, total) = Connection.Space(fields.Text());
                _answer.Put(free).Put(total);
                break;
            case SmbCall.Shares:
                foreach (var share in Connection.Shares())
                {
                    _answer.Put(share.Name).Put(share.Comment);
                }

                break;
            case SmbCall.Watch:
                Watch(fields.Text());
                break;
            default:
                throw new SmbException(SmbTrouble.Other);
        }
    }

    private void Connect(SmbFields fields)
    {
        var login = new SmbLogin(fields.Text(), fields.Int(), fields.Text(), fields.Text(), fields.Text(), null, (SmbEncryption)fields.Byte());
        var limit = TimeSpan.FromMilliseconds(fields.Int());
        var password = fields.Bytes().ToArray();
        _request.AsSpan().Clear();
        var (host, port) = (login.Host, login.Port);
        if (login.Encryption == SmbEncryption.Required)
        {
            _guard = EncryptionGuard.Before(login.Host, login.Port);
            (host, port) = (EncryptionGuard.Host, _guard.Port);
        }

        lock (SambaRuntime.Gate)
        {
            _connection = new SambaConnection(login, password, host, port, limit);
            _connection.Connect();
        }
    }

    private void List(string path)
    {
        var (ownTime, unlisted) = (0L, 0);
        _answer.Begin((byte)SmbAnswer.Part);
        Connection.List(path, (name, isFolder, isRedirected, size, modifiedAt) =>
        {
            if (name.SequenceEqual("."u8))
            {
                ownTime = modifiedAt;
            }
            else if ((isFolder && isRedirected) || name.IsEmpty || name.ContainsAny((byte)'/', (byte)'\\'))
            {
                unlisted++;     // a folder that points to another can lead in a circle
            }
            else
            {
                _answer.Put((byte)(isFolder ? 1 : 0)).Put(size).Put(modifiedAt).Put(name);
                if (_answer.Length >= PartSize)
                {
                    program.SendAll(_answer.Finish());
                    _answer.Begin((byte)SmbAnswer.Part);
                }
            }
        });
        program.SendAll(_answer.Finish());
        _answer.Begin((byte)SmbAnswer.Done).Put(ownTime).Put(unlisted);
    }

    private void Open(string path)
    {
        var (isFolder, size, modifiedAt) = Connection.Ask(path);
        if (isFolder)
        {
            throw new SmbException(SmbTrouble.NotThere);
        }

        _files.Add(++_lastFile, Connection.OpenFile(path));
        _answer.Put(_lastFile).Put(size).Put(modifiedAt);
    }

    private void Read(int file, long at, int size)
    {
        if (!_files.TryGetValue(file, out var handle))
        {
            throw new SmbException(SmbTrouble.Dropped);
        }

        var (next, goesOn) = (_next, _next.File == file && _next.At == at);
        _next = default;
        if (goesOn && size <= next.Size && _ahead.Length > SmbFrame.Head)
        {
            (_answer, _ahead) = (_ahead, _answer);
            _answer.Shrink(Math.Max(0, _answer.Length - SmbFrame.Head - size));
        }
        else
        {
            var read = Connection.Read(handle, at, _answer.Grow(size));
            _answer.Shrink(size - read);
        }

        _ahead.Begin((byte)SmbAnswer.Done);
        var sent = _answer.Length - SmbFrame.Head;
        _next = sent == size ? (file, at + size, goesOn ? size : 0) : default;
    }

    /// <summary>Reads what the program will ask for if it goes on as it did.</summary>
    private void ReadAhead()
    {
        if (_next.Size == 0 || _ahead.Length > SmbFrame.Head || !_files.TryGetValue(_next.File, out var handle))     // there already, or closed
        {
            return;
        }

        try
        {
            var read = Connection.Read(handle, _next.At, _ahead.Grow(_next.Size));
            _ahead.Shrink(_next.Size - read);
        }
        catch (SmbException)
        {
            // The program hears of it when it asks.
            _ahead.Begin((byte)SmbAnswer.Done);
            _next = default;
        }
    }

    private void Watch(string path)
    {
        var stands = false;
        var complete = Connection.Watch(path, changes =>
        {
            if (changes.Count > 0 || !stands)
            {
                _answer.Begin((byte)SmbAnswer.Part);
                foreach (var (action, changed) in changes)
                {
                    _answer.Put((byte)action).Put(changed);
                }

                program.SendAll(_answer.Finish());
                stands = true;
            }

            return program.Poll(0, SelectMode.SelectRead);   // nothing more is asked on this connection: it was hung up
        });
        _answer.Begin((byte)SmbAnswer.Done).Put((byte)(complete ? 1 : 0));
    }
}
