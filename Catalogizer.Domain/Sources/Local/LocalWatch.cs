using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>
/// Watches a folder of this machine and all below it, on a thread of its own: a walk over a sleepy disk must hold up
/// nothing. Each folder is watched before it is listed, so that what comes in between is seen by one of the two.
/// </summary>
internal sealed class LocalWatch(string root, LocalAccess access, Func<string, bool> passesOver)
{
    private const int AtATime = 64;
    private const int NoMemory = 12;
    private const int NoWatchLeft = 28;

    private readonly Dictionary<int, Watched> _watched = [];
    private readonly Stack<Unwatched> _unwatched = new();
    private readonly HashSet<Watched> _gone = [];
    private readonly Dictionary<string, bool> _changed = new(StringComparer.Ordinal);
    private Mounts _mounts = new("", null);
    private string? _gap;
    private string? _toldGap;
    private bool _lost;
    private bool _stands;

    /// <exception cref="SourceFault">The folder cannot be watched, or is no longer what it was.</exception>
    public async IAsyncEnumerable<SourceNews> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var inotify = new Inotify();
        var news = Channel.CreateUnbounded<SourceNews>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        new Thread(() => Run(inotify, news.Writer), maxStackSize: 256 * 1024) { IsBackground = true, Name = "watch" }.Start();
        try
        {
            await foreach (var batch in news.Reader.ReadAllAsync(cancellation))
            {
                yield return batch;
            }
        }
        finally
        {
            // Not waited for: the thread may hang in a call on a disk that is dying.
            inotify.Stop();
        }
    }

    private void Run(Inotify inotify, ChannelWriter<SourceNews> news)
    {
        try
        {
            using (inotify)
            {
                Follow(inotify, news);
            }

            news.Complete();
        }
        catch (Exception exception)
        {
            // The end of the thread: the reader gets the fault.
            news.Complete(exception);
        }
    }

    private void Follow(Inotify inotify, ChannelWriter<SourceNews> news)
    {
        _mounts = Mounts.Around(root);
        _gap = _mounts.Untold is { } type ? $"It lies on a file system ({type}) that does not tell what others change there." : null;
        access.DemandRoot(root);
        Watch(inotify, new Unwatched(null, "", WithAllBelow: false));
        while (!inotify.IsStopped && !_lost)
        {
            var mounted = inotify.Wait(atOnce: _unwatched.Count > 0 || !_stands);
            foreach (var happened in inotify.Read())
            {
                Take(inotify, happened);
            }

            _lost |= mounted && Mounts.Around(root).Stamp != _mounts.Stamp;
            for (var i = 0; i < AtATime && _unwatched.TryPop(out var next); i++)
            {
                Watch(inotify, next);
            }

            LetGo(inotify);
            Tell(news);
        }
    }

    /// <summary>Nothing is told while folders wait to be watched: whoever looks at what is told would look too early.</summary>
    private void Tell(ChannelWriter<SourceNews> news)
    {
        if (!_lost && (_unwatched.Count > 0 || (_stands && _changed.Count == 0 && _gap == _toldGap)))
        {
            return;
        }

        (_stands, _toldGap) = (true, _gap);
        news.TryWrite(new SourceNews([.. _changed.Select(c => new ChangedFolder(c.Key, c.Value))], _lost, _gap));
        _changed.Clear();
    }

    private void Take(Inotify inotify, FolderEvent happened)
    {
        if (happened.What.HasFlag(FolderEvents.QueueOverflow))
        {
            _lost = true;
        }
        else if (_watched.TryGetValue(happened.Watch, out var folder))
        {
            if (happened.Name.Length == 0)
            {
                TakeOwn(inotify, happened, folder);
            }
            else if (!passesOver(happened.Name))
            {
                TakeEntry(inotify, happened, folder);
            }
        }
    }

    /// <summary>Something happened to the watched folder itself.</summary>
    private void TakeOwn(Inotify inotify, FolderEvent happened, Watched folder)
    {
        const FolderEvents End = FolderEvents.Unmounted | FolderEvents.WatchEnded | FolderEvents.FolderDeleted | FolderEvents.FolderMoved;
        if (folder.Parent is null && (happened.What & End) != 0)
        {
            throw new SourceFault(SourceFaultKind.NotFound, $"{root} was removed, renamed or unmounted.");
        }

        if (happened.What.HasFlag(FolderEvents.WatchEnded))
        {
            _watched.Remove(happened.Watch);
        }
        else if (happened.What.HasFlag(FolderEvents.FolderMoved) && inotify.Add(FullPath(folder), out _) != happened.Watch)
        {
            _gone.Add(folder);      // not to where a watched folder saw it come
        }
        else if (happened.What.HasFlag(FolderEvents.FileFactsChanged))
        {
            Change(folder.Path, withAllBelow: false);
        }
    }

    /// <summary>Something happened to an entry of the watched folder.</summary>
    private void TakeEntry(Inotify inotify, FolderEvent happened, Watched folder)
    {
        Change(folder.Path, withAllBelow: false);
        if (!happened.What.HasFlag(FolderEvents.OfFolder))
        {
            return;
        }

        var came = (happened.What & (FolderEvents.Created | FolderEvents.MovedHere)) != 0;
        if (came || happened.What.HasFlag(FolderEvents.FileFactsChanged))
        {
            var isNew = Watch(inotify, new Unwatched(folder, happened.Name, WithAllBelow: came));
            Change(folder.PathOf(happened.Name), withAllBelow: came || isNew);      // new without having come: it can be read by now
        }
    }

    /// <returns>Whether it was not watched before.</returns>
    private bool Watch(Inotify inotify, Unwatched next)
    {
        var path = FullPath(next);
        var watch = inotify.Add(path, out var error);
        if (watch < 0)
        {
            Refused(next, path, error);
            return false;
        }

        var isNew = !_watched.TryGetValue(watch, out var folder);
        if (isNew)
        {
            _watched.Add(watch, folder = new Watched { Parent = next.Parent, Name = next.Name });
        }
        else if (!next.WithAllBelow || !Move(folder!, next.Parent!, next.Name))
        {
            return false;
        }

        return WatchBelow(inotify, watch, folder!, path, next.WithAllBelow) && isNew;
    }

    /// <summary>A watched folder has another place, and all below it with it.</summary>
    private bool Move(Watched folder, Watched parent, string name)
    {
        if (parent.AndAbove().Contains(folder))
        {
            return !(_lost = true);     // much was moved about while this was on its way
        }

        (folder.Parent, folder.Name) = (parent, name);
        _gone.Remove(folder);
        return true;
    }

    /// <returns>Whether the folder is one that a source may serve; else it is not watched any more.</returns>
    private bool WatchBelow(Inotify inotify, int watch, Watched folder, string path, bool all)
    {
        try
        {
            foreach (var entry in NativeFiles.List(path, access, foldersOnly: true).Entries)
            {
                if (entry.IsFolder && !passesOver(entry.Name))
                {
                    _unwatched.Push(new Unwatched(folder, entry.Name, all));
                }
            }
        }
        catch (SourceFault fault) when (folder.Parent is not null)
        {
            // Gone again, or nothing that a scan could read either.
            if (fault.Kind == SourceFaultKind.Forbidden)
            {
                inotify.Remove(watch);
                _watched.Remove(watch);
                return false;
            }
        }

        return true;
    }

    private void Refused(Unwatched folder, string path, int error)
    {
        if (folder.Parent is null && error is not (NoWatchLeft or NoMemory))
        {
            throw NativeFiles.Fault(path, error);
        }

        if (error is NoWatchLeft or NoMemory)
        {
            _gap ??= $"This machine lets the user watch no further folder (fs.inotify.max_user_watches).";
            _unwatched.Clear();
        }
    }

    /// <summary>Ends the watches on folders that were moved away, in one pass however many there are.</summary>
    private void LetGo(Inotify inotify)
    {
        if (_gone.Count == 0)
        {
            return;
        }

        foreach (var (watch, folder) in _watched)
        {
            if (folder.AndAbove().Any(_gone.Contains))
            {
                inotify.Remove(watch);
                _watched.Remove(watch);
            }
        }

        _gone.Clear();
    }

    private void Change(string folder, bool withAllBelow) => _changed[folder] = withAllBelow || _changed.GetValueOrDefault(folder);

    private string FullPath(Watched folder) => folder.Parent is null ? root : FullPath(folder.Path);

    private string FullPath(Unwatched folder) => folder.Parent is null ? root : FullPath(folder.Parent.PathOf(folder.Name));

    private string FullPath(string path) => root.EndsWith('/') ? root + path : $"{root}/{path}";

    /// <summary>A folder to be watched.</summary>
    /// <param name="Parent">Null for the root.</param>
    /// <param name="WithAllBelow">It came from elsewhere: what is watched below it may be in another place now.</param>
    private readonly record struct Unwatched(Watched? Parent, string Name, bool WithAllBelow);

    /// <summary>A watched folder. It knows its parent, so that a rename above it changes one name and no path.</summary>
    private sealed class Watched
    {
        public required Watched? Parent { get; set; }

        public required string Name { get; set; }

        public string Path => Parent is null ? "" : Parent.PathOf(Name);

        public string PathOf(string name) => Parent is null ? name : $"{Path}/{name}";

        public IEnumerable<Watched> AndAbove()
        {
            for (var folder = this; folder is not null; folder = folder.Parent)
            {
                yield return folder;
            }
        }
    }
}
