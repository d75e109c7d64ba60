using System.Net;
using System.Net.Sockets;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Smb;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>What connection tests reveal about ports without a file server, and how many workers they may start.</summary>
public sealed class ProbePortsTests : IAsyncLifetime
{
    private readonly TestCatalog _catalog = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<TcpListener> _listeners = [];
    private readonly System.Collections.Concurrent.ConcurrentBag<Task> _connectionTasks = [];

    private SourceProbe Probe => _catalog.Services.GetRequiredService<SourceProbe>();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listeners.ForEach(listener => listener.Dispose());
        await Task.WhenAll(_connectionTasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _catalog.DisposeAsync();
        _stopping.Dispose();
    }

    [Fact]
    public async Task Trials_PortWithoutAFileServer_AnswerAlikeWhateverListens()
    {
        var closed = FreePorts.FindOne();
        var hangsUp = Listen((_, _) => Task.CompletedTask);
        var web = Listen(async (stream, end) =>
        {
            await stream.ReadAtLeastAsync(new byte[8], 8, false, end);
            await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), end);
        });
        var greetsFirst = Listen(async (stream, end) => await stream.WriteAsync("SSH-2.0-OpenSSH_9.6\r\n"u8.ToArray(), end));
        var silent = Listen(async (_, end) => await Task.Delay(Timeout.Infinite, end));

        foreach (var port in (int[])[closed, hangsUp, web, greetsFirst, silent])
        {
            string[] messages =
            [
                await RunTestAsync(port),
                (await Probe.ListSharesAsync(Actor.System, CreateDraft(port), null, default)).Error is SourceUnreadable unreadable ? $"{unreadable.Code} {unreadable.Message}" : "",
                "noAnswer " + (await Probe.BrowseAsync(Actor.System, CreateDraft(port), null, "", default)).Problem,
                (await Probe.PreviewScanAsync(Actor.System, CreateDraft(port), null, null, default)).Error is SourceUnreadable look ? $"{look.Code} {look.Message}" : "",
            ];
            Assert.All(messages, sentence => Assert.Equal($"noAnswer Nothing answers on 127.0.0.1, port {port}. Is the file server on, and does it share files?", sentence));
        }

        Assert.Empty(_catalog.Smb().WorkerIds);
    }

    [Fact]
    [Trait("Category", "Server")]
    public async Task Trials_FiftyAtOnce_StartNoMoreWorkersThanTheCap()
    {
        var max = 0;
        var manager = _catalog.Smb();
        var ports = Enumerable.Range(0, 50).Select(_ => Listen(async (stream, end) =>
        {
            // A file server up to the negotiation; what a worker sends after that is the moment to count.
            if (await stream.ReadAtLeastAsync(new byte[8], 8, false, end) < 8)
            {
                return;
            }

            InterlockedMax(ref max, manager.WorkerIds.Count);
            byte[] answer = [0, 0, 0, 4, 0xFE, (byte)'S', (byte)'M', (byte)'B'];
            await stream.WriteAsync(answer, end);
        })).ToList();

        await Task.WhenAll(ports.Select(RunTestAsync));

        Assert.InRange(max, 1, ResilientSmbManager.MaxProbeWorkers);
        Assert.InRange(manager.WorkerIds.Count, 1, ResilientSmbManager.MaxProbeWorkers);
    }

    private static void InterlockedMax(ref int max, int now)
    {
        for (var seen = Volatile.Read(ref max); now > seen; seen = Volatile.Read(ref max))
        {
            Interlocked.CompareExchange(ref max, now, seen);
        }
    }

    private async Task<string> RunTestAsync(int port) => await Probe.TestAsync(Actor.System, CreateDraft(port), null, default) is var test ? $"{test.Code} {test.Message}" : "";

    private static SourceDraft CreateDraft(int port) => new() { Name = "Place", Protocol = "smb", Host = "127.0.0.1", Port = port, Share = "media" };

    private int Listen(Func<NetworkStream, CancellationToken, Task> serve)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _listeners.Add(listener);
        _connectionTasks.Add(ServeAsync(listener, serve));
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync(TcpListener listener, Func<NetworkStream, CancellationToken, Task> serve)
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(_stopping.Token);
            _connectionTasks.Add(Task.Run(async () =>
            {
                using (client)
                {
                    try
                    {
                        await serve(client.GetStream(), _stopping.Token);
                    }
                    catch (Exception exception) when (exception is IOException or OperationCanceledException)
                    {
                        // The client disconnected, or the test ended.
                    }
                }
            }));
        }
    }
}
