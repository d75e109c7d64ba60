using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Tests.Faults;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Sources;

/// <summary>Locations that no source may serve, mounted inside a source.</summary>
[Trait("Category", "Server")]
public sealed class ForbiddenMountsTests
{
    private const string MountScript = """
        cd "$CATALOGIZER_HOME"
        mount --bind data media/Films/data
        mount --bind data/artwork media/Films/artwork
        mount --bind data/catalogizer.key 'media/Films/Key (2001).mkv'
        mount --rbind /proc media/Films/kernel
        mount --bind /proc/version 'media/Films/Version (2002).mkv'
        mount -t tmpfs none media/Films/disk
        echo film > 'media/Films/disk/Wonder (2003).mkv'
        mount --bind data elsewhere
        cd /
        """;

    [MountNamespaceFact]
    public async Task BindMounts_OfForbiddenPlaces_AreNeitherSourceNorPartOfOne()
    {
        await using var server = new ServerProcess { CommandPrefix = MountNamespace.CreateCommandPrefix(MountScript) };
        foreach (var file in (string[])["media/Films/data/Old (2000).mkv", "media/Films/artwork/Poster (2000).mkv", "media/Films/Key (2001).mkv", "media/Films/Version (2002).mkv", "media/Films/kernel/Kernel (2000).mkv", "media/Films/Calm (2004).mkv"])
        {
            server.Write(file);
        }

        Directory.CreateDirectory(server.PathOf("media/Films/disk"));
        Directory.CreateDirectory(server.PathOf("elsewhere"));
        Assert.Equal(0, (await server.RunAsync("user", "add", "anna", "--role", "admin")).ExitCode);
        Assert.Equal(0, (await server.RunAsync("scan", server.PathOf("media"), "--name", "Films", "--json")).ExitCode);
        Directory.CreateDirectory(server.PathOf("data/artwork"));
        await server.StartAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        var tokens = await client.PostAsJsonAsync("/api/v1/auth/login", new { username = "anna", password = ServerProcess.Password });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await TestServer.ReadJsonAsync(tokens)).GetProperty("accessToken").GetString());

        var items = (await client.GetFromJsonAsync<JsonElement>("/api/v1/media?limit=200")).GetProperty("items").EnumerateArray().ToDictionary(i => i.GetProperty("title").GetString()!, i => i.GetProperty("id").GetInt64());
        foreach (var title in (string[])["Key", "Version", "Old", "Kernel", "Poster"])
        {
            var version = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/media/{items[title]}/versions"))[0].GetProperty("id").GetInt64();
            var response = await client.GetAsync($"/api/v1/versions/{version}/stream");
            Assert.True(response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{title}: {response.StatusCode}");
        }

        foreach (var folder in (string[])["elsewhere", "media/Films/data", "media/Films/artwork", "media/Films/kernel", "media/Films/kernel/self"])
        {
            var path = server.PathOf(folder);
            var test = await (await client.PostAsJsonAsync("/api/v1/sources/test", new { name = "Place", protocol = "local", path })).Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((false, "forbidden"), (test.GetProperty("ok").GetBoolean(), test.GetProperty("code").GetString()));
            var browse = await (await client.PostAsJsonAsync("/api/v1/sources/browse", new { protocol = "local", path })).Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((0, 0), (browse.GetProperty("folders").GetArrayLength(), browse.GetProperty("files").GetInt32()));
            Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync("/api/v1/sources", new { name = "Place", protocol = "local", path })).StatusCode);
            Assert.Equal(HttpStatusCode.BadRequest, (await client.PutAsJsonAsync("/api/v1/sources/1", new { path })).StatusCode);
        }

        var scan = await ScanAsync(client);

        // The skipped ones are the mounts on data, artwork and kernel, and those on the two files.
        Assert.Equal(("completed", 2, 5), (scan.GetProperty("state").GetString(), scan.GetProperty("listed").GetInt32(), scan.GetProperty("skipped").GetInt32()));
        var present = (await client.GetFromJsonAsync<JsonElement>("/api/v1/media?limit=200&presence=present")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("title").GetString());
        Assert.Equal(["Calm", "Wonder"], present.Order());
    }

    /// <summary>Runs a full scan to its end, and retries if the request returned the scan that a watch starts with.</summary>
    private static async Task<JsonElement> ScanAsync(HttpClient client)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var lines = new StreamReader(await client.GetStreamAsync("/api/v1/events", timeout.Token));
        while (true)
        {
            var started = await (await client.PostAsJsonAsync("/api/v1/sources/1/scan", new { kind = "full" }, timeout.Token)).Content.ReadFromJsonAsync<JsonElement>(timeout.Token);
            JsonElement scan;
            while ((scan = await client.GetFromJsonAsync<JsonElement>($"/api/v1/scans/{started.GetProperty("scanId").GetInt64()}", timeout.Token)).GetProperty("state").GetString() is "queued" or "running")
            {
                await lines.ReadLineAsync(timeout.Token);
            }

            if (scan.GetProperty("kind").GetString() == "full")
            {
                return scan;
            }
        }
    }
}
