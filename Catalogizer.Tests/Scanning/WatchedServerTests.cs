using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Scanning;

/// <summary>The watch under limits of the system: in its own namespace, which some environments do not allow.</summary>
[Trait("Category", "Server")]
public sealed class WatchedServerTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    [IsolatedSystemFact("echo 150 > /proc/sys/user/max_inotify_watches")]
    public async Task MoreFoldersThanMayBeWatched_SaysSoAndWatchesTheRest()
    {
        await using var server = new ServerProcess { CommandPrefix = ["unshare", "-Ur", "sh", "-c", "echo 150 > /proc/sys/user/max_inotify_watches && exec \"$@\"", "sh"] };
        for (var i = 0; i < 400; i++)
        {
            server.Write($"media/{i % 20}/{i}/Wonder {i} (2001).mkv");
        }

        using var client = await StartAsync(server);

        var status = await WaitUntilAsync(client, s => s.GetProperty("watching").GetString() == "polled" && s.GetProperty("lastScan").GetProperty("kind").GetString() == "quick");
        Assert.Equal(400, status.GetProperty("presentFiles").GetInt32());
        server.Write("media/At the top (2002).mkv");
        await WaitUntilAsync(client, s => s.GetProperty("presentFiles").GetInt32() == 401);
    }

    [IsolatedSystemFact("mount -t tmpfs none /mnt")]
    public async Task DiskMountedOverTheSource_IsNoticedAndHeld()
    {
        await using var server = new ServerProcess { CommandPrefix = ["unshare", "-Urm"] };
        server.Write("media/Wonder (2001).mkv");
        using var client = await StartAsync(server);
        await WaitUntilAsync(client, s => s.GetProperty("watching").GetString() == "live" && s.GetProperty("lastScan").GetProperty("kind").GetString() == "quick");

        var mounted = await RunAsync(server, "nsenter", "--preserve-credentials", "-U", "-m", "-t", $"{server.ProcessId}", "mount", "-t", "tmpfs", "none", server.PathOf("media"));
        Assert.True(mounted.ExitCode == 0, mounted.Errors);

        var status = await WaitUntilAsync(client, s => s.GetProperty("lastScan").GetProperty("state").GetString() == "held");
        Assert.Equal((1, 0), (status.GetProperty("presentFiles").GetInt32(), status.GetProperty("missingFiles").GetInt32()));
    }

    private static async Task<HttpClient> StartAsync(ServerProcess server)
    {
        Assert.Equal(0, (await server.RunAsync("user", "add", "anna", "--role", "admin")).ExitCode);
        Assert.Equal(0, (await server.RunAsync("scan", server.PathOf("media"), "--name", "Films", "--json")).ExitCode);
        await server.StartAsync();
        var client = new HttpClient { BaseAddress = server.Address };
        var tokens = await client.PostAsJsonAsync("/api/v1/auth/login", new { username = "anna", password = ServerProcess.Password });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await TestServer.ReadJsonAsync(tokens)).GetProperty("accessToken").GetString());
        return client;
    }

    /// <summary>Waits for events of the server until the status of its only source meets the condition.</summary>
    private static async Task<JsonElement> WaitUntilAsync(HttpClient client, Func<JsonElement, bool> condition)
    {
        using var timeout = new CancellationTokenSource(WaitTimeout);
        using var lines = new StreamReader(await client.GetStreamAsync("/api/v1/events", timeout.Token));
        while (await lines.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)
                && (await client.GetFromJsonAsync<JsonElement>("/api/v1/sources/status", timeout.Token)).GetProperty("sources")[0] is var status && condition(status))
            {
                return status;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private static Task<CommandRun> RunAsync(ServerProcess server, params string[] command) =>
        CommandRun.ExecuteAsync(server.PathOf("."), new Dictionary<string, string?>(), command[0], command[1..]);
}

/// <summary>A test that needs to run a command as root of its own namespaces; skipped with the reason where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class IsolatedSystemFactAttribute : FactAttribute
{
    public IsolatedSystemFactAttribute(string command)
    {
        Command = command;
        using var process = Process.Start(new ProcessStartInfo("unshare", ["-Urm", "sh", "-c", command]) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Skip = process.ExitCode == 0 ? null : $"This needs name spaces of its own: {errors.Trim()}";
    }

    public string Command { get; }
}
