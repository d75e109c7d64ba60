using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>
/// Watches a folder of this server and everything below it, on its own thread, since walking a slow disk must not block anything else.
/// Each folder is watched before it is listed, so that a change in between is seen by one of the two.
/// </summary>
internal sealed class LocalWatch(string root, LocalAccess access, Func<string, bool> isIgnored)
{
    private const int BatchSize = 64;
    private const int NoMemory = 12;
    private const int WatchLimitReached = 28;

    private readonly Dictionary<int, WatchedFolder> _watched = [];
    private readonly Stack<PendingFolder> _pending = new();
    private readonly HashSet<WatchedFolder> _movedAway = [];
    private readonly Dictionary<string, bool> _changed = new(StringComparer.Ordinal);
    private Mounts _mounts = new("", null);
    private string? _limitation;
    private string? _publishedLimitation;
    private bool _overflowed;
    private bool _isEstablished;

    /// <exception cref="SourceException">The folder cannot be watched, or was removed, renamed or unmounted.</exception>
    public async IAsyncEnumerable<WatchUpdate> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var inotify = new Inotify();
        var updates = Channel.CreateUnbounded<WatchUpdate>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        new Thread(() => Run(inotify, updates.Writer), maxStackSize: 256 * 1024) { IsBackground = true, Name = "watch" }.Start();
        try
        {
            await foreach (var batch in updates.Reader.ReadAllAsync(cancellation))
            {
                yield return batch;
            }
        }
        finally
        {
            // Do not wait for the thread: it may hang in a call to a failing disk.
            inotify.Stop();
        }
    }

    private void Run(Inotify inotify, ChannelWriter<WatchUpdate> updates)
    {
        try
        {
            using (inotify)
            {
                ProcessEvents(inotify, updates);
            }

            updates.Complete();
        }
        catch (Exception exception)
        {
            // The thread ends here, so the reader gets the exception.
            updates.Complete(exception);
        }
    }

    private void ProcessEvents(Inotify inotify, ChannelWriter<WatchUpdate> updates)
    {
        _mounts = Mounts.ReadAround(root);
        _limitation = _mounts.UnwatchableType is { } type ? $"It lies on a file system ({type}) that does not tell what others change there." : null;
        access.RequireRoot(root);
        WatchFolder(inotify, new PendingFolder(null, "", IncludesSubfolders: false));
        while (!inotify.IsStopped && !_overflowed)
        {
            var mountsChanged = inotify.Wait(returnImmediately: _pending.Count > 0 || !_isEstablished);
            foreach (var folderEvent in inotify.Read())
            {
                HandleEvent(inotify, folderEvent);
            }

            _overflowed |= mountsChanged && Mounts.ReadAround(root).Fingerprint != _mounts.Fingerprint;
            for (var i = 0; i < BatchSize && _pending.TryPop(out var next); i++)
            {
                WatchFolder(inotify, next);
            }

            RemoveStaleWatches(inotify);
            PublishUpdate(updates);
        }
    }

    /// <summary>Publishes nothing while folders wait to be watched: a scan started now would miss changes in them.</summary>
    private void PublishUpdate(ChannelWriter<WatchUpdate> updates)
    {
        if (!_overflowed && (_pending.Count > 0 || (_isEstablished && _changed.Count == 0 && _limitation == _publishedLimitation)))
        {
            return;
        }

        (_isEstablished, _publishedLimitation) = (true, _limitation);
        updates.TryWrite(new WatchUpdate([.. _changed.Select(c => new ChangedFolder(c.Key, c.Value))], _overflowed, _limitation));
        _changed.Clear();
    }

    private void HandleEvent(Inotify inotify, FolderEvent folderEvent)
    {
        if (folderEvent.Events.HasFlag(FolderEvents.QueueOverflow))
        {
            _overflowed = true;
        }
        else if (_watched.TryGetValue(folderEvent.WatchDescriptor, out var folder))
        {
            if (folderEvent.Name.Length == 0)
            {
                HandleOwnEvent(inotify, folderEvent, folder);
            }
            else if (!isIgnored(folderEvent.Name))
            {
                HandleEntryEvent(inotify, folderEvent, folder);
            }
        }
    }

    /// <summary>Handles an event of the watched folder itself.</summary>
    private void HandleOwnEvent(Inotify inotify, FolderEvent folderEvent, WatchedFolder folder)
    {
        const FolderEvents End = FolderEvents.Unmounted | FolderEvents.WatchRemoved | FolderEvents.FolderDeleted | FolderEvents.FolderMoved;
        if (folder.Parent is null && (folderEvent.Events & End) != 0)
        {
            throw new SourceException(SourceErrorKind.NotFound, $"{root} was removed, renamed or unmounted.");
        }

        if (folderEvent.Events.HasFlag(FolderEvents.WatchRemoved))
        {
            _watched.Remove(folderEvent.WatchDescriptor);
        }
        else if (folderEvent.Events.HasFlag(FolderEvents.FolderMoved) && inotify.AddWatch(GetFullPath(folder), out _) != folderEvent.WatchDescriptor)
        {
            _movedAway.Add(folder);      // moved to where no watched folder has reported its arrival
        }
        else if (folderEvent.Events.HasFlag(FolderEvents.AttributesChanged))
        {
            MarkChanged(folder.Path, includesSubfolders: false);
        }
    }

    /// <summary>Handles an event of an entry in the watched folder.</summary>
    private void HandleEntryEvent(Inotify inotify, FolderEvent folderEvent, WatchedFolder folder)
    {
        MarkChanged(folder.Path, includesSubfolders: false);
        if (!folderEvent.Events.HasFlag(FolderEvents.IsFolder))
        {
            return;
        }

        var hasArrived = (folderEvent.Events & (FolderEvents.Created | FolderEvents.MovedTo)) != 0;
        if (hasArrived || folderEvent.Events.HasFlag(FolderEvents.AttributesChanged))
        {
            var isNew = WatchFolder(inotify, new PendingFolder(folder, folderEvent.Name, IncludesSubfolders: hasArrived));
            MarkChanged(folder.GetChildPath(folderEvent.Name), includesSubfolders: hasArrived || isNew);      // isNew alone: it has become readable
        }
    }

    /// <returns>Whether the folder was not watched before.</returns>
    private bool WatchFolder(Inotify inotify, PendingFolder next)
    {
        var path = GetFullPath(next);
        var watch = inotify.AddWatch(path, out var error);
        if (watch < 0)
        {
            HandleWatchError(next, path, error);
            return false;
        }

        var isNew = !_watched.TryGetValue(watch, out var folder);
        if (isNew)
        {
            _watched.Add(watch, folder = new WatchedFolder { Parent = next.Parent, Name = next.Name });
        }
        else if (!next.IncludesSubfolders || !MoveFolder(folder!, next.Parent!, next.Name))
        {
            return false;
        }

        return QueueSubfolders(inotify, watch, folder!, path, next.IncludesSubfolders) && isNew;
    }

    /// <summary>Moves a watched folder to another parent; the folders below move with it.</summary>
    private bool MoveFolder(WatchedFolder folder, WatchedFolder parent, string name)
    {
        if (parent.GetSelfAndAncestors().Contains(folder))
        {
            return !(_overflowed = true);     // folders were moved around while this event was in the queue
        }

        (folder.Parent, folder.Name) = (parent, name);
        _movedAway.Remove(folder);
        return true;
    }

    /// <returns>Whether a source may serve the folder; if not, its watch is removed.</returns>
    private bool QueueSubfolders(Inotify inotify, int watch, WatchedFolder folder, string path, bool includesSubfolders)
    {
        try
        {
            foreach (var entry in NativeFiles.List(path, access, foldersOnly: true).Entries)
            {
                if (entry.IsFolder && !isIgnored(entry.Name))
                {
                    _pending.Push(new PendingFolder(folder, entry.Name, includesSubfolders));
                }
            }
        }
        catch (SourceException exception) when (folder.Parent is not null)
        {
            // Deleted meanwhile, or unreadable for a scan too.
            if (exception.Kind == SourceErrorKind.Forbidden)
            {
                inotify.RemoveWatch(watch);
                _watched.Remove(watch);
                return false;
            }
        }

        return true;
    }

    private void HandleWatchError(PendingFolder folder, string path, int error)
    {
        if (folder.Parent is null && error is not (WatchLimitReached or NoMemory))
        {
            throw NativeFiles.CreateException(path, error);
        }

        if (error is WatchLimitReached or NoMemory)
        {
            _limitation ??= $"This machine lets the user watch no further folder (fs.inotify.max_user_watches).";
            _pending.Clear();
        }
    }

    /// <summary>Removes the watches on folders that were moved away, in one pass for all of them.</summary>
    private void RemoveStaleWatches(Inotify inotify)
    {
        if (_movedAway.Count == 0)
        {
            return;
        }

        foreach (var (watch, folder) in _watched)
        {
            if (folder.GetSelfAndAncestors().Any(_movedAway.Contains))
            {
                inotify.RemoveWatch(watch);
                _watched.Remove(watch);
            }
        }

        _movedAway.Clear();
    }

    private void MarkChanged(string folder, bool includesSubfolders) => _changed[folder] = includesSubfolders || _changed.GetValueOrDefault(folder);

    private string GetFullPath(WatchedFolder folder) => folder.Parent is null ? root : GetFullPath(folder.Path);

    private string GetFullPath(PendingFolder folder) => folder.Parent is null ? root : GetFullPath(folder.Parent.GetChildPath(folder.Name));

    private string GetFullPath(string path) => root.EndsWith('/') ? root + path : $"{root}/{path}";

    /// <summary>A folder that waits to be watched.</summary>
    /// <param name="Parent">Null for the root.</param>
    /// <param name="IncludesSubfolders">The folder was created or moved here: watches on folders below it may have outdated paths.</param>
    private readonly record struct PendingFolder(WatchedFolder? Parent, string Name, bool IncludesSubfolders);

    /// <summary>A watched folder. It refers to its parent, so that renaming a folder changes one name and not the paths of all folders below.</summary>
    private sealed class WatchedFolder
    {
        public required WatchedFolder? Parent { get; set; }

        public required string Name { get; set; }

        public string Path => Parent is null ? "" : Parent.GetChildPath(Name);

        public string GetChildPath(string name) => Parent is null ? name : $"{Path}/{name}";

        public IEnumerable<WatchedFolder> GetSelfAndAncestors()
        {
            for (var folder = this; folder is not null; folder = folder.Parent)
            {
                yield return folder;
            }
        }
    }
}
