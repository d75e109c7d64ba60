using System.Net.Sockets;
using System.Text;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Local;
using Catalogizer.Tests.Api;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Hostile;

/// <summary>Every field that takes a path, with every form that leads outside.</summary>
public sealed class HostilePathTests : IDisposable
{
    private const string Canary = "what nobody may read";

    private readonly TemporaryFolder _folder = new();

    public HostilePathTests()
    {
        _folder.Write(HostileInputs.Secret, Canary);
        _folder.Write("outside/" + HostileInputs.Secret, Canary);
        _folder.Write("media/sub/a film.mkv", "a film");
        Directory.CreateSymbolicLink(_folder.PathOf("media/link"), _folder.PathOf("outside"));
        Directory.CreateSymbolicLink(_folder.PathOf("media/sub/link"), "../../outside");
        File.CreateSymbolicLink(_folder.PathOf("media/filelink"), _folder.PathOf(HostileInputs.Secret));
    }

    public static TheoryData<string> Inputs => [.. HostileInputs.Paths];

    [Fact]
    public void Forms_AreAtLeastThreeHundred() => Assert.True(HostileInputs.Paths.Count >= 300, $"{HostileInputs.Paths.Count}");

    [Theory]
    [MemberData(nameof(Inputs))]
    public Task Source_OpenAndList_StaysInside(string form) => AssertStaysInsideAsync(form);

    [Fact]
    public async Task Source_OpenFolder_SaysThatItIsNoFile()
    {
        await using var connector = new LocalConnector(_folder.PathOf("media"), LocalAccessFactory.CreateFor(_folder));

        var exception = await Assert.ThrowsAsync<SourceException>(async () => await connector.OpenAsync("sub", default));

        Assert.Equal(SourceErrorKind.NotFound, exception.Kind);
    }

    [Fact]
    public async Task Source_OpenAndListOfMixedForms_StaysInside()
    {
        foreach (var form in HostileInputs.CreateMixedPaths(TestRun.Repetitions(400, 4000)))
        {
            await AssertStaysInsideAsync(form);
        }
    }

    [Fact]
    public async Task Share_FolderAndName_AreRefusedOrStayInside()
    {
        await using var catalog = new TestCatalog();
        var smb = catalog.Services.GetServices<ISourceProtocol>().Single(p => p.Name == "smb");
        var escapes = new List<string>();
        foreach (var form in HostileInputs.Paths)
        {
            var draft = new SourceDraft { Name = "x", Protocol = "smb", Host = "nas", Share = "media", Folder = form };
            var source = new Source { Name = "x", Protocol = "smb", Path = "" };
            if (!smb.Validate(draft).Any())
            {
                smb.Apply(draft, source);
                if (source.Smb!.Folder.Split('/', '\\').Any(part => part is "." or "..") || source.Smb.Folder.Any(char.IsControl) || source.Smb.Folder.StartsWith('/'))
                {
                    escapes.Add(form);
                }
            }

            if (form.AsSpan().ContainsAny("/\\:*?") && !smb.Validate(draft with { Folder = null, Share = form }).Any())
            {
                escapes.Add("share " + form);
            }
        }

        Assert.Empty(escapes);
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void ReturnAddress_Form_StaysOnThisSite(string form)
    {
        var redirect = AccountPaths.LocalOrHome(form);

        Assert.True(redirect.Length == 0 || new Uri(new Uri("https://here.example/"), redirect).Host == "here.example", redirect);
    }

    public void Dispose() => _folder.Dispose();

    private async Task AssertStaysInsideAsync(string form)
    {
        await using var connector = new LocalConnector(_folder.PathOf("media"), LocalAccessFactory.CreateFor(_folder));
        foreach (var path in (string[])[form, "sub/" + form])
        {
            try
            {
                await using var file = await connector.OpenAsync(path, default);
                using var reader = new StreamReader(file);
                Assert.Equal("a film", await reader.ReadToEndAsync());
            }
            catch (SourceException)
            {
            }

            try
            {
                Assert.All((await connector.ListAsync(path, default)).Entries, entry => Assert.Contains(entry.Name, new[] { "sub", "link", "filelink", "a film.mkv" }));
            }
            catch (SourceException)
            {
            }
        }
    }
}

/// <summary>The same forms in the addresses of the running application.</summary>
[Trait("Category", "Server")]
public sealed class HostileAddressTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Routes_EveryForm_GivesNoFileAndNoFault()
    {
        var source = await api.AddSourceAsync("hostile", "A (2001).mkv");
        await api.ScanAsync(source);
        api.Server.Write(HostileInputs.Secret, "what nobody may read");
        string[] doors =
        [
            "/", "/assets/", "/assets/css/", "/_content/Radzen.Blazor/", "/_framework/", "/openapi/", "/api/v1/versions/", "/api/v1/media/", "/health/",
            $"/sources/{source}/files?path=", $"/sources/{source}/files?find=", "/api/v1/media?query=", "/api/v1/media?cursor=", "/sign-in?returnUrl=",
        ];
        var wrong = new List<string>();
        foreach (var door in doors)
        {
            foreach (var form in HostileInputs.Paths)
            {
                // A space ends the address in a request line, and other characters cannot be sent by a client at all: these are percent-encoded.
                var sent = door + (door.EndsWith('=') ? Uri.EscapeDataString(form) : string.Concat(form.Select(sign => sign <= ' ' || sign > '~' ? Uri.EscapeDataString(sign.ToString()) : sign.ToString())));
                var response = await SendAsync(sent);
                if (response.Contains("what nobody may read", StringComparison.Ordinal) || response.Contains("root:x:0", StringComparison.Ordinal) || response.StartsWith("HTTP/1.1 5", StringComparison.Ordinal))
                {
                    wrong.Add(sent[..Math.Min(sent.Length, 200)] + " " + response[..12]);
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Sources_RelativeOrOddPaths_AreRefused()
    {
        var wrong = new List<string>();
        foreach (var form in HostileInputs.Paths.Where(form => !form.StartsWith('/')))
        {
            var response = await api.Admin.PostAsync("/api/v1/sources", ApiServer.CreateJsonBody(System.Text.Json.JsonSerializer.Serialize(new { name = "x" + form.GetHashCode(StringComparison.Ordinal), protocol = "local", path = form })));
            if ((int)response.StatusCode != 400)
            {
                wrong.Add($"{form} {(int)response.StatusCode}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Addresses_EveryFieldAndForm_CallNobody()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var forms = HostileInputs.CreateAddresses(((System.Net.IPEndPoint)listener.LocalEndpoint).Port);
        Assert.True(forms.Count >= 100, $"{forms.Count}");
        var wrong = new List<string>();
        foreach (var (place, form) in forms.Index())
        {
            foreach (var (field, body) in ((string, object)[])
            [
                ("host", new { name = "x", protocol = "smb", host = form, share = "media" }),
                ("share", new { name = "x", protocol = "smb", host = "nas.invalid", share = form }),
                ("path", new { name = "x", protocol = "local", path = form }),
                ("protocol", new { name = "x", protocol = form, path = "/" }),
            ])
            {
                foreach (var door in (string[])["test", "shares", "browse"])
                {
                    // Listing a host's shares takes no share, and starts a process per request: a few forms show that none is read.
                    if ((door, field) == ("shares", "share") && place % 20 > 0)
                    {
                        continue;
                    }

                    var response = await api.Admin.PostAsync($"/api/v1/sources/{door}", ApiServer.CreateJsonBody(System.Text.Json.JsonSerializer.Serialize(body)));
                    var said = await response.Content.ReadAsStringAsync();
                    // The folder picker starts at the top where the path cannot be a local folder, and this machine has no shares.
                    var refused = (int)response.StatusCode is >= 400 and < 500 || said.Contains("\"ok\":false", StringComparison.Ordinal)
                        || (door == "browse" && (int)response.StatusCode == 200) || (door == "shares" && said == "[]");
                    if (!refused)
                    {
                        wrong.Add($"{door} {form}: {(int)response.StatusCode} {said}");
                    }
                }
            }

            foreach (var (method, address, body) in ((HttpMethod, string, string?)[])
            [
                (HttpMethod.Post, "/api/v1/detect", System.Text.Json.JsonSerializer.Serialize(new { paths = new[] { form } })),
                (HttpMethod.Get, "/api/v1/media?query=" + Uri.EscapeDataString(form), null),
                (HttpMethod.Get, "/sign-in?returnUrl=" + Uri.EscapeDataString(form), null),
            ])
            {
                using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : ApiServer.CreateJsonBody(body) };
                var response = await api.Admin.SendAsync(request);
                if ((int)response.StatusCode >= 500 || response.Headers.Location is { IsAbsoluteUri: true, Host: not ("127.0.0.1" or "localhost") })
                {
                    wrong.Add($"{address}: {(int)response.StatusCode} {response.Headers.Location}");
                }
            }

            Assert.Equal("", AccountPaths.LocalOrHome(form));
        }

        Assert.Empty(wrong);
        Assert.False(listener.Pending(), "Somebody was called.");
    }

    private async Task<string> SendAsync(string address)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(api.Server.Address.Host, api.Server.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET {address} HTTP/1.1\r\nHost: {api.Server.Address.Authority}\r\nAuthorization: {api.Admin.DefaultRequestHeaders.Authorization}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        try
        {
            return await reader.ReadToEndAsync();
        }
        catch (IOException)
        {
            return "closed without an answer";
        }
    }
}
