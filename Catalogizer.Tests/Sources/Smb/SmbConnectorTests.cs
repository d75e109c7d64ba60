using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Smb;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>Listing and reading a share through a worker.</summary>
[Trait("Category", "Server")]
public sealed class SmbConnectorTests(SharedSmbServer shared) : IClassFixture<SharedSmbServer>, IAsyncLifetime
{
    private readonly TestCatalog _catalog = new();
    private readonly SmbServer _server = shared.Server;

    public Task InitializeAsync() => _server.ResetAsync();

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Theory]
    [InlineData("plain.mkv")]
    [InlineData("two  spaces and a dot. .mkv")]
    [InlineData("100%25 & ?=#@;+~.mkv", "100%25 & =#@;+~.mkv")]
    [InlineData("Amélie composed.mkv")]
    [InlineData("Ame\u0301lie decomposed.mkv")]
    [InlineData("日本語 𝄞 🎬.mkv")]
    [InlineData("'quoted' $HOME `x`.mkv")]
    public async Task List_OddName_IsListedAsItIsAndCanBeOpened(string name, string? onDisk = null)
    {
        name = onDisk ?? name;
        _server.Write($"auth/{name}", name);
        await using var connector = await _catalog.ConnectAsync(SmbSources.CreateDraft(_server));

        var content = await connector.ListAsync("", default);
        await using var stream = await connector.OpenAsync(name, default);
        using var reader = new StreamReader(stream);

        Assert.Equal(name, Assert.Single(content.Entries).Name);
        Assert.Equal(name, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task List_BothUnicodeForms_AreTwoFiles()
    {
        _server.Write("auth/é/é.txt", "composed");
        _server.Write("auth/e\u0301/e\u0301.txt", "decomposed");
        await using var connector = await _catalog.ConnectAsync(SmbSources.CreateDraft(_server));

        Assert.Equal(["e\u0301", "é"], (await connector.ListAsync("", default)).Entries.Select(e => e.Name).Order(StringComparer.Ordinal));
        Assert.Equal("e\u0301.txt", Assert.Single((await connector.ListAsync("e\u0301", default)).Entries).Name);
        Assert.Equal("é.txt", Assert.Single((await connector.ListAsync("é", default)).Entries).Name);
    }

    [Fact]
    public async Task List_TellsSizesAndTimesAndTheFolderItself()
    {
        var (old, older) = (new DateTime(2020, 5, 6, 7, 8, 9, 123, DateTimeKind.Utc), new DateTime(1995, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        _server.Write("auth/Films/a.mkv", new string('x', 12345));
        _server.Write("auth/Films/Extras/b.mkv");
        File.SetLastWriteTimeUtc(_server.PathOf("auth/Films/a.mkv"), old);
        Directory.SetLastWriteTimeUtc(_server.PathOf("auth/Films/Extras"), older);
        Directory.SetLastWriteTimeUtc(_server.PathOf("auth/Films"), old);
        await using var connector = await _catalog.ConnectAsync(SmbSources.CreateDraft(_server));

        var content = await connector.ListAsync("Films", default);
        var file = content.Entries.Single(e => !e.IsFolder);
        var folder = content.Entries.Single(e => e.IsFolder);

        Assert.Equal(("a.mkv", 12345, ToMilliseconds(old)), (file.Name, file.Size, file.ModifiedAt));
        Assert.Equal(("Extras", ToMilliseconds(older)), (folder.Name, folder.ModifiedAt));
        Assert.Equal((ToMilliseconds(old), 0), (content.ModifiedAt, content.Unlisted));
        Assert.Equal((ToMilliseconds(older), ToMilliseconds(older)), (await connector.GetModifiedAtAsync("Films/Extras", default), (await connector.ListAsync("Films/Extras", default)).ModifiedAt));
    }

    [Fact]
    public async Task List_GreatFolder_IsComplete()
    {
        Directory.CreateDirectory(_server.PathOf("auth/great"));
        for (var i = 0; i < 20_000; i++)
        {
            File.Create(_server.PathOf(string.Create(CultureInfo.InvariantCulture, $"auth/great/file with a longer name {i:00000}.mkv"))).Dispose();
        }

        await using var connector = await _catalog.ConnectAsync(SmbSources.CreateDraft(_server));

        var names = (await connector.ListAsync("great", default)).Entries.Select(e => e.Name).ToHashSet(StringComparer.Ordinal);

        Assert.Equal(Directory.EnumerateFiles(_server.PathOf("auth/great")).Select(f => Path.GetFileName(f)).ToHashSet(StringComparer.Ordinal), names);
    }

    [Fact]
    public async Task List_ManyAtATime_EachHasItsOwnAnswer()
    {
        for (var i = 0; i < 40; i++)
        {
            _server.Write($"auth/folder {i}/file {i}.mkv");
        }

        await using var connector = await _catalog.ConnectAsync(SmbSources.CreateDraft(_server));

        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancellation) =>
            Assert.Equal($"file {i % 40}.mkv", Assert.Single((await connector.ListAsync($"folder {i % 40}", cancellation)).Entries).Name));
        Assert.Single(_catalog.Smb().WorkerIds);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../closed")]
    [InlineData("a/../../b")]
    [InlineData("a//b")]
    [InlineData("/")]
    [InlineData(@"..\closed")]
    [InlineData(@"a\..\..\b")]
    public async Task Path_OutOfTheSource_IsRefused(string path)
    {
        await using var connector = await _catalog.ConnectAsync(SmbSources.CreateDraft(_server));

        Assert.Equal(SourceErrorKind.Denied, (await Assert.ThrowsAsync<SourceException>(async () => await connector.ListAsync(path, default))).Kind);
        Assert.Equal(SourceErrorKind.Denied, (await Assert.ThrowsAsync<SourceException>(async () => await connector.OpenAsync(path, default))).Kind);
    }

    [Fact]
    public async Task Open_MissingOrFolder_IsNotThere()
    {
        _server.Write("auth/Films/a.mkv");
        await using var connector = await _catalog.ConnectAsync(SmbSources.CreateDraft(_server));

        foreach (var path in new[] { "no.mkv", "Films", "no/no.mkv" })
        {
            Assert.Equal(SourceErrorKind.NotFound, (await Assert.ThrowsAsync<SourceException>(async () => await connector.OpenAsync(path, default))).Kind);
        }
    }

    [Fact]
    public async Task Read_WholeAndAnywhere_GivesTheFilesOwnBytes()
    {
        var bytes = TestRun.RandomBytes(5_000_123);
        await File.WriteAllBytesAsync(_server.PathOf("auth/a.bin"), bytes);
        await using var connector = await _catalog.ConnectAsync(SmbSources.CreateDraft(_server));
        await using var stream = await connector.OpenAsync("a.bin", default);

        var whole = new MemoryStream();
        await stream.CopyToAsync(whole);
        Assert.Equal(bytes, whole.ToArray());

        var random = new Random(TestRun.Seed);
        for (var i = 0; i < 200; i++)
        {
            var (at, size) = (random.Next(bytes.Length), random.Next(1, 300_000));
            var piece = new byte[Math.Min(size, bytes.Length - at)];
            stream.Position = at;
            await stream.ReadExactlyAsync(piece);
            Assert.True(bytes.AsSpan(at, piece.Length).SequenceEqual(piece), $"{size} bytes at {at}");
        }

        stream.Position = bytes.Length;
        Assert.Equal((bytes.Length, 0), (stream.Length, await stream.ReadAsync(new byte[10])));
    }

    [Fact]
    public async Task Read_ConnectionBroke_GoesOnUnlessTheFileChanged()
    {
        var bytes = TestRun.RandomBytes(3_000_000);
        await File.WriteAllBytesAsync(_server.PathOf("auth/a.bin"), bytes);
        await using var connector = await _catalog.ConnectAsync(SmbSources.CreateDraft(_server));
        await using var stream = await connector.OpenAsync("a.bin", default);
        var read = new byte[bytes.Length];
        await stream.ReadExactlyAsync(read.AsMemory(0, 1000));

        await _server.StopAsync();
        await _server.LaunchAsync();
        await stream.ReadExactlyAsync(read.AsMemory(1000));
        Assert.True(bytes.AsSpan().SequenceEqual(read));

        await _server.StopAsync();
        await File.WriteAllBytesAsync(_server.PathOf("auth/a.bin"), [1, 2, 3]);
        await _server.LaunchAsync();
        stream.Position = 2_000_000;
        await Assert.ThrowsAsync<SourceException>(async () => await stream.ReadExactlyAsync(read.AsMemory(0, 1000)));
    }

    [Fact]
    public async Task Space_IsThatOfTheDisk()
    {
        await using var connector = await _catalog.ConnectAsync(SmbSources.CreateDraft(_server));

        var space = await connector.GetSpaceAsync(default);

        var disk = new DriveInfo(_server.PathOf("auth"));
        Assert.Equal(disk.TotalSize, space!.TotalBytes, disk.TotalSize / 1000.0);
        Assert.InRange(space.FreeBytes, 1, disk.TotalSize);
    }

    [Fact]
    public async Task Shares_AreListed()
    {
        var source = (await _catalog.Sources.FindAsync(Actor.System, SmbSources.CreateDraft(_server), default)).Value;

        var shares = await _catalog.Smb().CallAsync(SmbLogin.From(source.Smb!), SmbConnectionPurpose.List, c => c.ListSharesAsync(), default);

        Assert.Equal(["auth", "closed", "guest", "secret"], shares.Select(s => s.Name).Order(StringComparer.Ordinal));
    }

    private static long ToMilliseconds(DateTime time) => new DateTimeOffset(time).ToUnixTimeMilliseconds();
}
