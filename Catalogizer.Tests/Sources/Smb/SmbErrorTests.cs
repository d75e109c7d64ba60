using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>The result of a connection test for each possible problem with a share.</summary>
[Trait("Category", "Server")]
public sealed class SmbErrorTests(SharedSmbServer shared) : IClassFixture<SharedSmbServer>, IAsyncLifetime
{
    private readonly TestCatalog _catalog = new();
    private readonly SmbServer _server = shared.Server;

    public async Task InitializeAsync()
    {
        await _server.ResetAsync();
        foreach (var share in new[] { "guest", "auth", "secret" })
        {
            _server.Write($"{share}/Films/Quiet Water (2001).mkv");
        }
    }

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Theory]
    [InlineData("guest", "")]
    [InlineData("auth", "")]
    [InlineData("auth", "Films")]
    [InlineData("secret", "")]
    public async Task Test_AllRight_SaysSo(string share, string folder)
    {
        var test = await _catalog.TestAsync(SmbSources.CreateDraft(_server, share, folder));

        Assert.Equal((true, "ok"), (test.Ok, test.Code));
    }

    [Fact]
    public async Task Test_EachTrouble_IsToldApart()
    {
        var auth = SmbSources.CreateDraft(_server);
        Assert.Equal(("wrongLogin", "127.0.0.1 does not accept this user name or password."), await RunTestAsync(auth with { Password = "wrong" }));
        Assert.Equal("wrongLogin", (await RunTestAsync(auth with { Password = "" })).Code);
        Assert.Equal("shareRefused", (await RunTestAsync(auth with { Share = "closed" })).Code);
        Assert.Equal(("noSuchShare", "127.0.0.1 has no share “films”."), await RunTestAsync(auth with { Share = "films" }));
        Assert.Equal(("noSuchFolder", "The share “auth” has no folder “no/such”."), await RunTestAsync(auth with { Folder = "no/such" }));
        Assert.Equal("noSuchFolder", (await RunTestAsync(auth with { Folder = "Films/Quiet Water (2001).mkv" })).Code);
        Directory.CreateDirectory(_server.PathOf("auth/bare"));
        Assert.Equal("empty", (await RunTestAsync(auth with { Folder = "bare" })).Code);
        Assert.Equal("noSuchHost", (await RunTestAsync(auth with { Host = "no-such-host.invalid" })).Code);
        Assert.Equal("invalid", (await RunTestAsync(auth with { Host = "smb://nas" })).Code);
        Assert.Equal("shareRefused", (await RunTestAsync(SmbSources.CreateDraft(_server, "guest") with { Share = "auth" })).Code);
        await _server.StopAsync();
        Assert.Equal(("noAnswer", $"Nothing answers on 127.0.0.1, port {_server.Port}. Is the file server on, and does it share files?"), await RunTestAsync(auth));
    }

    [Fact]
    public async Task Test_EncryptionDemanded_IsHeldToIt()
    {
        await using var old = await SmbServer.StartAsync("  server max protocol = SMB2_10");
        await using var plain = await SmbServer.StartAsync("  server smb encrypt = off");
        await using var withoutReferrals = await SmbServer.StartAsync("  host msdfs = no");
        await using var strict = await SmbServer.StartAsync("  server smb encrypt = required");
        foreach (var server in new[] { old, plain, withoutReferrals, strict })
        {
            server.Write("auth/a.txt");
        }

        SourceDraft RequireEncryption(SmbServer server) => SmbSources.CreateDraft(server) with { Encryption = "required" };
        Assert.Equal("ok", (await RunTestAsync(RequireEncryption(_server))).Code);
        Assert.Equal("ok", (await RunTestAsync(RequireEncryption(strict))).Code);
        Assert.Equal("encryptionDemanded", (await RunTestAsync(RequireEncryption(plain))).Code);
        Assert.Equal("encryptionDemanded", (await RunTestAsync(RequireEncryption(old))).Code);
        Assert.Equal("encryptionDemanded", (await RunTestAsync(RequireEncryption(withoutReferrals))).Code);    // which the library reads unencrypted, whatever was requested
        Assert.Equal("wrongLogin", (await RunTestAsync(RequireEncryption(_server) with { Password = "wrong" })).Code);
        foreach (var encryption in new[] { "off", "ifOffered" })
        {
            Assert.Equal("ok", (await RunTestAsync(SmbSources.CreateDraft(old) with { Encryption = encryption })).Code);
            Assert.Equal("ok", (await RunTestAsync(SmbSources.CreateDraft(strict) with { Encryption = encryption })).Code);
        }
    }

    private async Task<(string Code, string Message)> RunTestAsync(SourceDraft draft)
    {
        var test = await _catalog.TestAsync(draft);
        return (test.Code, test.Message);
    }
}
