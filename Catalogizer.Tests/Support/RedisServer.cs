using System.Diagnostics;
using System.Globalization;

namespace Catalogizer.Tests.Support;

/// <summary>A real Redis server of the test that stores nothing on disk.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);
    private Process? _process;

    public int Port { get; private set; }

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        for (var attempt = 1; !await server.TryStartAsync(FreePorts.FindOne()); attempt++)
        {
            Assert.True(attempt < 5, "redis-server did not start");
        }

        return server;
    }

    /// <summary>Starts on the port of an earlier server.</summary>
    public static async Task<RedisServer> StartOnPortAsync(int port)
    {
        var server = new RedisServer();
        Assert.True(await server.TryStartAsync(port), $"redis-server did not start at port {port}");
        return server;
    }

    /// <summary>Stops responding without closing a connection, as a machine that hangs does.</summary>
    public void Freeze()
    {
        using var kill = Process.Start("kill", ["-STOP", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            using var timeout = new CancellationTokenSource(WaitTimeout);
            await process.WaitForExitAsync(timeout.Token);
            process.Dispose();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<bool> TryStartAsync(int port)
    {
        var process = CommandRun.Start(
            Path.GetTempPath(), new Dictionary<string, string?>(), "redis-server", "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no");
        _ = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(WaitTimeout);
        while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                (_process, Port) = (process, port);
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return true;
            }
        }

        process.Kill();
        process.Dispose();
        return false;
    }
}
