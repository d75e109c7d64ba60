using System.Buffers.Binary;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Local;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources;

/// <summary>The updates that the system's notifications become, within the system's own limits.</summary>
public sealed class LocalWatchTests : IDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _timeout = new(WaitTimeout);

    public void Dispose()
    {
        _timeout.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task First_NewsComesWhenItStands_WithoutAnyChange()
    {
        CreateFolder("a/b/c");
        await using var watch = StartWatch();

        var first = await ReadNextAsync(watch);

        Assert.Equal((0, false, null), (first.Changed.Count, first.Overflowed, first.Limitation));
    }

    [Fact]
    public async Task MarkChanged_DeepDown_NamesItsFolderAlone()
    {
        CreateFolder("a/b/c");
        await using var watch = StartWatch();
        await ReadNextAsync(watch);

        File.WriteAllText(PathOf("a/b/c/file"), "x");

        Assert.Equal([new ChangedFolder("a/b/c", false)], await ReadUntilAsync(watch, c => c.Count > 0));
    }

    [Fact]
    public async Task FolderRenamed_ItsWatchesFollow()
    {
        CreateFolder("a/b/c");
        await using var watch = StartWatch();
        await ReadNextAsync(watch);
        Directory.Move(PathOf("a"), PathOf("z"));
        await ReadUntilAsync(watch, c => c.Contains(new ChangedFolder("z", true)) && c.Contains(new ChangedFolder("", false)));

        File.WriteAllText(PathOf("z/b/c/file"), "x");

        await ReadUntilAsync(watch, c => c.Contains(new ChangedFolder("z/b/c", false)));
    }

    [Fact]
    public async Task FolderMovedAway_IsNoLongerWatched()
    {
        CreateFolder("a/b/c");
        var outside = _folder.PathOf("outside");
        await using var watch = StartWatch();
        await ReadNextAsync(watch);
        Directory.Move(PathOf("a"), outside);
        await ReadUntilAsync(watch, c => c.Contains(new ChangedFolder("", false)));

        File.WriteAllText(Path.Combine(outside, "b/c/file"), "x");
        File.WriteAllText(PathOf("own"), "x");

        Assert.Equal([new ChangedFolder("", false)], await ReadUntilAsync(watch, c => c.Count > 0));
    }

    [Fact]
    public async Task PassedOver_NeitherWatchedNorTold()
    {
        CreateFolder("@eaDir/below");
        await using var watch = StartWatch(name => name.StartsWith('@'));
        await ReadNextAsync(watch);

        File.WriteAllText(PathOf("@eaDir/below/file"), "x");
        File.WriteAllText(PathOf("@junk"), "x");
        CreateFolder("real");

        Assert.Equal([new ChangedFolder("", false), new ChangedFolder("real", true)], await ReadUntilAsync(watch, c => c.Count > 1));
    }

    [Fact]
    public async Task MoreThanTheQueueHolds_LosesTrackAndEnds()
    {
        var max = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"), System.Globalization.CultureInfo.InvariantCulture);
        CreateFolder("a");
        using var asked = new SemaphoreSlim(0);
        using var answered = new ManualResetEventSlim();
        await using var watch = StartWatch(name =>
        {
            if (name == "stop here")
            {
                asked.Release();
                answered.Wait(WaitTimeout);
            }

            return false;
        });
        await ReadNextAsync(watch);
        CreateFolder("stop here");
        await asked.WaitAsync(_timeout.Token);

        // The queue is not read now. Each round gives two events, each for another file than the previous one.
        for (var i = 0; i <= max / 2; i++)
        {
            File.Move(CreateFile(i % 2), PathOf($"a/moved {i % 2}"), overwrite: true);
        }

        answered.Set();

        while (!(await ReadNextAsync(watch)).Overflowed)
        {
        }

        Assert.False(await watch.MoveNextAsync());
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("renamed")]
    public async Task Root_Gone_Faults(string how)
    {
        CreateFolder("a");
        await using var watch = StartWatch();
        await ReadNextAsync(watch);

        if (how == "removed")
        {
            Directory.Delete(PathOf(""), recursive: true);
        }
        else
        {
            Directory.Move(PathOf(""), _folder.PathOf("elsewhere"));
        }

        await Assert.ThrowsAsync<SourceException>(() => ReadUntilAsync(watch, _ => false));
    }

    [Fact]
    public async Task Root_NotThere_Faults()
    {
        await using var watch = new LocalWatch(_folder.PathOf("nowhere"), LocalAccessFactory.CreateFor(_folder), _ => false).ReadAsync(_timeout.Token).GetAsyncEnumerator();

        await Assert.ThrowsAsync<SourceException>(async () => await watch.MoveNextAsync());
    }

    [Fact]
    public void Parse_Records_AreReadToTheLast()
    {
        Span<byte> records = stackalloc byte[16 + 16 + 16];
        BinaryPrimitives.WriteInt32LittleEndian(records, 7);
        BinaryPrimitives.WriteUInt32LittleEndian(records[4..], 0x4000_0100);
        BinaryPrimitives.WriteInt32LittleEndian(records[12..], 16);
        "folder"u8.CopyTo(records[16..]);
        BinaryPrimitives.WriteInt32LittleEndian(records[32..], -1);
        BinaryPrimitives.WriteUInt32LittleEndian(records[36..], 0x4000);

        Assert.Equal(
            [new FolderEvent(7, FolderEvents.Created | FolderEvents.IsFolder, "folder"), new FolderEvent(-1, FolderEvents.QueueOverflow, "")],
            Inotify.Parse(records));
    }

    [Theory]
    [InlineData("/srv/media", "ext4", null)]
    [InlineData("/srv/nas/films", "nfs4", "nfs4")]
    [InlineData("/srv", "nfs4 below", "nfs4")]
    [InlineData("/srv/my pool", "fuse.mergerfs", "fuse.mergerfs")]
    [InlineData("/srv/nas2", "a longer name", null)]
    public void Mounts_Untold_IsThatOfTheNearest(string root, string _, string? untold) => Assert.Equal(untold, Mounts.ReadAround(root, MountTable).UnwatchableType);

    [Fact]
    public void Mounts_Stamp_ChangesOnlyWithWhatIsAround()
    {
        var before = Mounts.ReadAround("/srv/media", MountTable).Fingerprint;

        Assert.Equal(before, Mounts.ReadAround("/srv/media", [.. MountTable, "90 1 8:9 / /srv/other rw - ext4 /dev/x rw"]).Fingerprint);
        Assert.NotEqual(before, Mounts.ReadAround("/srv/media", [.. MountTable, "90 1 8:9 / /srv/media rw - ext4 /dev/x rw"]).Fingerprint);
        Assert.NotEqual(before, Mounts.ReadAround("/srv/media", [.. MountTable, "90 1 8:9 / /srv/media/below rw shared:1 - ext4 /dev/x rw"]).Fingerprint);
        Assert.NotEqual(before, Mounts.ReadAround("/srv/media", [.. MountTable, "90 1 8:9 / /srv rw - ext4 /dev/x rw"]).Fingerprint);
    }

    private static string[] MountTable =>
    [
        "1 0 8:1 / / rw,relatime shared:1 - ext4 /dev/sda rw",
        "2 1 0:50 / /srv/nas rw,relatime shared:2 master:3 - nfs4 nas:/ rw",
        "3 1 0:51 / /srv/my\\040pool rw - fuse.mergerfs pool rw",
    ];

    private string CreateFile(int i)
    {
        var path = PathOf($"a/{i}");
        using (File.Create(path))
        {
            return path;
        }
    }

    private string PathOf(string relative) => Path.TrimEndingDirectorySeparator(_folder.PathOf($"media/{relative}"));

    private void CreateFolder(string relative) => Directory.CreateDirectory(PathOf(relative));

    private IAsyncEnumerator<WatchUpdate> StartWatch(Func<string, bool>? isIgnored = null) =>
        new LocalWatch(PathOf(""), LocalAccessFactory.CreateFor(_folder), isIgnored ?? (_ => false)).ReadAsync(_timeout.Token).GetAsyncEnumerator();

    private static async Task<WatchUpdate> ReadNextAsync(IAsyncEnumerator<WatchUpdate> watch)
    {
        Assert.True(await watch.MoveNextAsync());
        return watch.Current;
    }

    /// <summary>Reads changes until there are enough, each folder once.</summary>
    private static async Task<IReadOnlyList<ChangedFolder>> ReadUntilAsync(IAsyncEnumerator<WatchUpdate> watch, Func<IReadOnlyList<ChangedFolder>, bool> enough)
    {
        var folders = new List<ChangedFolder>();
        while (!enough(folders))
        {
            folders.AddRange((await ReadNextAsync(watch)).Changed.Except(folders));
        }

        return [.. folders.OrderBy(c => c.Path, StringComparer.Ordinal)];
    }
}
