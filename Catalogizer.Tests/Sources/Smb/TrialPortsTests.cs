using System.Net;
using System.Net.Sockets;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Smb;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources.Smb;

/// <summary>What a trial tells of ports where no file server is, and how much it may start.</summary>
public sealed class TrialPortsTests : IAsyncLifetime
{
    private readonly TestCatalogue _catalogue = new();
    private readonly CancellationTokenSource _end = new();
    private readonly List<TcpListener> _listeners = [];
    private readonly System.Collections.Concurrent.ConcurrentBag<Task> _serving = [];

    private SourceProbe Trials => _catalogue.Services.GetRequiredService<SourceProbe>();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _end.CancelAsync();
        _listeners.ForEach(listener => listener.Dispose());
        await Task.WhenAll(_serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _catalogue.DisposeAsync();
        _end.Dispose();
    }

    [Fact]
    public async Task Trials_PortWithoutAFileServer_AnswerAlikeWhateverListens()
    {
        var closed = FreePorts.One();
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
            string[] said =
            [
                await TestedAsync(port),
                (await Trials.ListSharesAsync(Actor.System, Draft(port), null, default)).Error is SourceUnreadable unreadable ? $"{unreadable.Code} {unreadable.Message}" : "",
                "noAnswer " + (await Trials.BrowseAsync(Actor.System, Draft(port), null, "", default)).Problem,
                (await Trials.PreviewScanAsync(Actor.System, Draft(port), null, null, default)).Error is SourceUnreadable look ? $"{look.Code} {look.Message}" : "",
            ];
            Assert.All(said, sentence => Assert.Equal($"noAnswer Nothing answers on 127.0.0.1, port {port}. Is the file server on, and does it share files?", sentence));
        }

        Assert.Empty(_catalogue.Smb().WorkerIds);
    }

    [Fact]
    [Trait("Category", "Server")]
    public async Task Trials_FiftyAtOnce_StartNoMoreWorkersThanTheCap()
    {
        var most = 0;
        var manager = _catalogue.Smb();
        var ports = Enumerable.Range(0, 50).Select(_ => Listen(async (stream, end) =>
        {
            // A file server as far as the greeting goes; what a worker sends after that is the moment to count.
            if (await stream.ReadAtLeastAsync(new byte[8], 8, false, end) < 8)
            {
                return;
            }

            InterlockedMax(ref most, manager.WorkerIds.Count);
            byte[] answer = [0, 0, 0, 4, 0xFE, (byte)'S', (byte)'M', (byte)'B'];
            await stream.WriteAsync(answer, end);
        })).ToList();

        await Task.WhenAll(ports.Select(TestedAsync));

        Assert.InRange(most, 1, ResilientSmbManager.MaxProbeWorkers);
        Assert.InRange(manager.WorkerIds.Count, 1, ResilientSmbManager.MaxProbeWorkers);
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, now, seen);
        }
    }

    private async Task<string> TestedAsync(int port) => await Trials.TestAsync(Actor.System, Draft(port), null, default) is var test ? $"{test.Code} {test.Message}" : "";

    private static SourceDraft Draft(int port) => new() { Name = "Place", Protocol = "smb", Host = "127.0.0.1", Port = port, Share = "media" };

    private int Listen(Func<NetworkStream, CancellationToken, Task> serve)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _listeners.Add(listener);
        _serving.Add(ServeAsync(listener, serve));
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync(TcpListener listener, Func<NetworkStream, CancellationToken, Task> serve)
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(_end.Token);
            _serving.Add(Task.Run(async () =>
            {
                using (client)
                {
                    try
                    {
                        await serve(client.GetStream(), _end.Token);
                    }
                    catch (Exception exception) when (exception is IOException or OperationCanceledException)
                    {
                        // Hung up on, or the end of the test.
                    }
                }
            }));
        }
    }
}
