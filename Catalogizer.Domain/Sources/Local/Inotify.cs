using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>inotify's event flags: changes in a watched folder, and events of the watch itself.</summary>
[Flags]
internal enum FolderEvents : uint
{
    None = 0,
    AttributesChanged = 0x4,
    FileWritten = 0x8,
    MovedFrom = 0x40,
    MovedTo = 0x80,
    Created = 0x100,
    Deleted = 0x200,
    FolderDeleted = 0x400,
    FolderMoved = 0x800,
    Unmounted = 0x2000,
    QueueOverflow = 0x4000,
    WatchRemoved = 0x8000,
    IsFolder = 0x4000_0000,
}

/// <summary>One record of the kernel's event queue.</summary>
/// <param name="WatchDescriptor">The watch that the event belongs to; -1 when the queue overflowed.</param>
/// <param name="Name">The entry in the folder; empty when the event is about the folder itself.</param>
internal readonly record struct FolderEvent(int WatchDescriptor, FolderEvents Events, string Name);

/// <summary>
/// The kernel's change events of folders (inotify), one queue per source. The framework's FileSystemWatcher uses the same calls, but
/// hides which folders it could not watch, what was lost when the queue overflowed, and names that are not UTF-8.
/// </summary>
internal sealed unsafe partial class Inotify : IDisposable
{
    private const string LibC = "libc";
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int TooManyOpen = 24;
    private const short Readable = 0x1;
    private const short Urgent = 0x2;
    private const short PollError = 0x8;

    // A file that is written for long is reported once, when it is closed; IN_MODIFY would report every write.
    private const uint WatchMask = (uint)(FolderEvents.AttributesChanged | FolderEvents.FileWritten | FolderEvents.MovedFrom | FolderEvents.MovedTo | FolderEvents.Created
        | FolderEvents.Deleted | FolderEvents.FolderDeleted | FolderEvents.FolderMoved)
        | FoldersOnly | NoFollow | ExcludeUnlinked;

    private const uint FoldersOnly = 0x100_0000;
    private const uint NoFollow = 0x200_0000;
    private const uint ExcludeUnlinked = 0x400_0000;

    private readonly SafeFileHandle _queue;
    private readonly SafeFileHandle _stopEvent;
    private readonly SafeFileHandle? _mounts;
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <exception cref="SourceException">The user has no inotify instance left, or the queue cannot be created.</exception>
    public Inotify()
    {
        _queue = new SafeFileHandle(inotify_init1(CloseOnExec | NonBlocking), ownsHandle: true);
        if (_queue.IsInvalid)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new SourceException(SourceErrorKind.Unreachable, error == TooManyOpen
                ? "This machine lets the user watch no further place (fs.inotify.max_user_instances)."
                : $"The folder cannot be watched: {Marshal.GetPInvokeErrorMessage(error).ToLowerInvariant()}.");
        }

        _stopEvent = new SafeFileHandle(eventfd(0, CloseOnExec | NonBlocking), ownsHandle: true);
        _mounts = File.Exists(Mounts.MountTablePath) ? File.OpenHandle(Mounts.MountTablePath) : null;
    }

    public bool IsStopped { get; private set; }

    /// <summary>Watches a folder. The same folder always has the same descriptor, whatever path leads to it.</summary>
    /// <param name="error">The system's error number when -1 is returned; else 0.</param>
    public int AddWatch(string path, out int error)
    {
        fixed (byte* name = RawName.Encode(path))
        {
            var watch = inotify_add_watch((int)_queue.DangerousGetHandle(), name, WatchMask);
            error = watch < 0 ? Marshal.GetLastPInvokeError() : 0;
            return watch;
        }
    }

    public void RemoveWatch(int watch) => _ = inotify_rm_watch((int)_queue.DangerousGetHandle(), watch);

    /// <summary>Waits until events can be read, the mount table changed, or <see cref="Stop"/> was called.</summary>
    /// <returns>Whether the mount table changed.</returns>
    public bool Wait(bool returnImmediately)
    {
        var polled = stackalloc PollDescriptor[3];
        polled[0] = new PollDescriptor { Descriptor = (int)_queue.DangerousGetHandle(), RequestedEvents = Readable };
        polled[1] = new PollDescriptor { Descriptor = (int)_stopEvent.DangerousGetHandle(), RequestedEvents = Readable };
        polled[2] = new PollDescriptor { Descriptor = _mounts is null ? -1 : (int)_mounts.DangerousGetHandle(), RequestedEvents = Urgent };
        while (poll(polled, 3, returnImmediately ? 0 : -1) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
        }

        IsStopped |= (polled[1].ReturnedEvents & Readable) != 0;
        return (polled[2].ReturnedEvents & (Urgent | PollError)) != 0;
    }

    /// <summary>Returns the events that have arrived so far, without waiting.</summary>
    public IReadOnlyList<FolderEvent> Read()
    {
        fixed (byte* records = _buffer)
        {
            var length = read((int)_queue.DangerousGetHandle(), records, (nuint)_buffer.Length);
            if (length >= 0)
            {
                return Parse(_buffer.AsSpan(0, (int)length));
            }

            var error = Marshal.GetLastPInvokeError();
            return error is TryAgain or Interrupted ? [] : throw new SourceException(SourceErrorKind.Unreachable, $"The watch broke: {Marshal.GetPInvokeErrorMessage(error).ToLowerInvariant()}.");
        }
    }

    /// <summary>Wakes the waiting thread; may be called from any thread.</summary>
    public void Stop()
    {
        var one = 1UL;
        try
        {
            var isReferenced = false;
            _stopEvent.DangerousAddRef(ref isReferenced);
            _ = write((int)_stopEvent.DangerousGetHandle(), &one, 8);
            _stopEvent.DangerousRelease();
        }
        catch (ObjectDisposedException)
        {
            return;     // the watch has already ended
        }
    }

    public void Dispose()
    {
        _queue.Dispose();
        _stopEvent.Dispose();
        _mounts?.Dispose();
    }

    /// <summary>struct inotify_event: watch 4, mask 4, cookie 4, length 4 bytes, then the name, padded with zero bytes.</summary>
    internal static List<FolderEvent> Parse(ReadOnlySpan<byte> records)
    {
        var events = new List<FolderEvent>(records.Length / 32);
        while (records.Length >= 16)
        {
            var length = MemoryMarshal.Read<int>(records[12..]);
            var name = records.Slice(16, length);
            var end = name.IndexOf((byte)0);
            events.Add(new FolderEvent(
                MemoryMarshal.Read<int>(records), (FolderEvents)MemoryMarshal.Read<uint>(records[4..]), RawName.Decode(end < 0 ? name : name[..end])));
            records = records[(16 + length)..];
        }

        return events;
    }

    [LibraryImport(LibC, SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport(LibC, SetLastError = true)]
    private static partial int inotify_add_watch(int queue, byte* path, uint mask);

    [LibraryImport(LibC)]
    private static partial int inotify_rm_watch(int queue, int watch);

    [LibraryImport(LibC)]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport(LibC, SetLastError = true)]
    private static partial int poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport(LibC, SetLastError = true)]
    private static partial nint read(int descriptor, byte* buffer, nuint length);

    [LibraryImport(LibC)]
    private static partial nint write(int descriptor, ulong* value, nuint length);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short RequestedEvents;
        public short ReturnedEvents;
    }
}
