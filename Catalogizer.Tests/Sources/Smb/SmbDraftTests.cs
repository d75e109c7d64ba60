using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Smb;
using Catalogizer.Domain.Storage;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Sources;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>How a share is described, and what is stored of its password.</summary>
public sealed class SmbDraftTests : IAsyncLifetime
{
    private static readonly SourceDraft Nas = new() { Name = "NAS", Protocol = "smb", Host = "nas", Share = "media", Username = "alice", Password = "secret" };

    private readonly TestCatalog _catalog = new();

    public static TheoryData<string, SourceDraft> InvalidDrafts => new()
    {
        { "host", Nas with { Host = null } },
        { "host", Nas with { Host = "  " } },
        { "host", Nas with { Host = "smb://nas" } },
        { "host", Nas with { Host = "nas/media" } },
        { "host", Nas with { Host = "nas:445" } },
        { "host", Nas with { Host = "alice@nas" } },
        { "host", Nas with { Host = "-oProxyCommand=x y" } },
        { "host", Nas with { Host = "fe80::1" } },
        { "host", Nas with { Host = "[fe80::1]" } },
        { "port", Nas with { Port = 0 } },
        { "port", Nas with { Port = 65536 } },
        { "share", Nas with { Share = "" } },
        { "share", Nas with { Share = "media/films" } },
        { "share", Nas with { Share = @"media\films" } },
        { "share", Nas with { Share = "me\ndia" } },
        { "folder", Nas with { Folder = "../etc" } },
        { "folder", Nas with { Folder = @"a\..\b" } },
        { "folder", Nas with { Folder = "a/\0" } },
        { "domain", Nas with { Domain = "a\nb" } },
        { "username", Nas with { Username = new string('x', 256) } },
        { "username", Nas with { Username = "" } },
        { "password", Nas with { Password = new string('ä', 128) } },
        { "encryption", Nas with { Encryption = "maybe" } },
        { "encryption", Nas with { Username = null, Password = null, Encryption = "required" } },
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Theory]
    [MemberData(nameof(InvalidDrafts))]
    public async Task Add_WrongField_NamesIt(string field, SourceDraft draft)
    {
        var added = await _catalog.Sources.AddAsync(Actor.System, draft, default);

        Assert.Equal(field, added.Error?.Field);
        Assert.Equal("invalid", (await _catalog.TestAsync(draft)).Code);
        Assert.DoesNotContain("secret", added.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Add_WithoutTheServer_IsKeptWithItsPasswordSealed()
    {
        var source = await _catalog.AddAsync(Nas with { Folder = @" \video\films/ ", Domain = "HOME", Encryption = "required" });

        Assert.Equal(
            ("nas", 445, "media", "video/films", "HOME", "alice", "required"),
            (source.Host!, source.Port!.Value, source.Share!, source.Folder!, source.Domain!, source.Username!, source.Encryption!));
        var stored = await ReadStoredAsync(source.Id);
        Assert.DoesNotContain("secret", stored.SealedPassword, StringComparison.Ordinal);
        Assert.Equal("secret"u8.ToArray(), _catalog.Services.GetRequiredService<SmbPasswords>().Unseal(stored.SealedPassword));
        Assert.Equal(@"\\nas\media\video\films", (await _catalog.Sources.StatusAsync(Actor.System, default))[0].Location);
        Assert.DoesNotContain("secret", string.Join('\n', await ReadAuditAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_OtherFields_KeepsThePassword()
    {
        var source = await _catalog.AddAsync(Nas);
        var before = (await ReadStoredAsync(source.Id)).SealedPassword;

        Assert.True((await _catalog.Sources.UpdateAsync(Actor.System, source.Id, new SourceDraft { Share = "other", Name = "NAS 2" }, default)).IsOk);

        Assert.Equal((before, "other"), ((await ReadStoredAsync(source.Id)).SealedPassword, (await ReadStoredAsync(source.Id)).Share));
    }

    [Fact]
    public async Task Update_AnotherServerOrUser_AsksForThePassword()
    {
        var source = await _catalog.AddAsync(Nas);
        foreach (var change in new SourceDraft[] { new() { Host = "elsewhere" }, new() { Port = 4450 }, new() { Username = "bob" }, new() { Domain = "X" } })
        {
            Assert.Equal("password", (await _catalog.Sources.UpdateAsync(Actor.System, source.Id, change, default)).Error?.Field);
            Assert.True((await _catalog.Sources.UpdateAsync(Actor.System, source.Id, change with { Password = "secret" }, default)).IsOk);
        }

        Assert.True((await _catalog.Sources.UpdateAsync(Actor.System, source.Id, new SourceDraft { Username = "" }, default)).IsOk);
        Assert.Equal((null, null), ((await ReadStoredAsync(source.Id)).UserName, (await ReadStoredAsync(source.Id)).SealedPassword));
    }

    [Fact]
    public async Task Add_PlaceOfAnother_IsRefused()
    {
        await _catalog.AddAsync(Nas with { Folder = "video" });

        foreach (var folder in new[] { "video", "VIDEO/films", "" })
        {
            Assert.Equal("share", (await _catalog.Sources.AddAsync(Actor.System, Nas with { Name = "Again", Host = "NAS", Folder = folder }, default)).Error?.Field);
        }

        Assert.True((await _catalog.Sources.AddAsync(Actor.System, Nas with { Name = "Beside", Folder = "video 2" }, default)).IsOk);
    }

    [Theory]
    [InlineData("smb://nas/media", "nas", 445, "media", "", null, null)]
    [InlineData("SMB://nas:4450/media/", "nas", 4450, "media", "", null, null)]
    [InlineData("smb://alice@nas/media/video/films", "nas", 445, "media", "video/films", null, "alice")]
    [InlineData("smb://HOME;al%20ice@10.0.0.2/my%20media/a%2Bb//c/", "10.0.0.2", 445, "my media", "a+b/c", "HOME", "al ice")]
    public void Address_Table(string text, string host, int port, string share, string folder, string? domain, string? user)
    {
        Assert.True(SmbAddress.TryParse(text, out var address, out _));
        Assert.Equal(new SmbAddress(host, port, share, folder, domain, user), address);
    }

    [Theory]
    [InlineData("smb://nas")]
    [InlineData("smb://nas/")]
    [InlineData("smb:///media")]
    [InlineData("smb://nas:port/media")]
    [InlineData("ftp://nas/media")]
    [InlineData("smb://alice:secret@nas/media")]
    public void Address_Wrong_SaysWhatInOneSentence(string text)
    {
        Assert.False(SmbAddress.TryParse(text, out _, out var problem));
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"\\nas\media", "nas", null, "media", "", null, null)]
    [InlineData(@"\\nas\my media\100% films\", "nas", null, "my media", "100% films", null, null)]
    [InlineData(" //nas/media/video/films ", "nas", null, "media", "video/films", null, null)]
    [InlineData("smb://nas/media", "nas", null, "media", "", null, null)]
    [InlineData("SMB://HOME;alice@10.0.0.2:1445/my%20media/video", "10.0.0.2", 1445, "my media", "video", "HOME", "alice")]
    [InlineData("cifs://nas/media", "nas", null, "media", "", null, null)]
    [InlineData("nas:1445", "nas", 1445, "before", "here", null, null)]
    [InlineData("nas/media", "nas", null, "media", "", null, null)]
    [InlineData("nas", "nas", null, "before", "here", null, null)]
    [InlineData(@"\\nas", "nas", null, "before", "here", null, null)]
    [InlineData(@"C:\media", @"C:\media", null, "before", "here", null, null)]
    [InlineData("/mnt/media", "/mnt/media", null, "before", "here", null, null)]
    [InlineData("fe80::1", "fe80::1", null, "before", "here", null, null)]
    [InlineData("smb://alice:secret@nas/media", "smb://alice:secret@nas/media", null, "before", "here", null, null)]
    public void Address_PastedAsTheFileServer_FillsTheFields(string pasted, string host, int? port, string share, string folder, string? domain, string? user)
    {
        var form = new SourceForm { IsShare = true, IsGuest = true, Host = pasted, Share = "before", Folder = "here" };

        form.ParseHostAddress();

        Assert.Equal((host, port, share, folder, domain, user, user is null), (form.Host, form.Port, form.Share, form.Folder, form.Domain, form.User, form.IsGuest));
    }

    private async Task<SmbSource> ReadStoredAsync(long id)
    {
        await using var db = await _catalog.Services.GetRequiredService<IDbContextFactory<CatalogDbContext>>().CreateDbContextAsync();
        return (await db.Sources.AsNoTracking().Include(s => s.Smb).SingleAsync(s => s.Id == id)).Smb!;
    }

    private async Task<IReadOnlyList<string>> ReadAuditAsync()
    {
        await using var db = await _catalog.Services.GetRequiredService<IDbContextFactory<CatalogDbContext>>().CreateDbContextAsync();
        return [.. (await db.AuditLogs.AsNoTracking().ToListAsync()).Select(e => $"{e.Before} {e.After}")];
    }
}
