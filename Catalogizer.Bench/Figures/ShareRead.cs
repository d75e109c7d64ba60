using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Smb;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Catalogizer.Bench.Figures;

/// <summary>A file of a share read through, from a worker as everything in the program reads, and from the running server's HTTP stream, against Samba's own client getting it.</summary>
internal sealed class ShareRead : IFigure
{
    private const string File = "Wonder (2001).mkv";
    private const int MiB = 1024 * 1024;

    /// <summary>One reading takes less than half a second, which is too short a time to be the same twice.</summary>
    private const int Times = 8;

    public string Name => "share-read";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var size = quick ? 256 : 1024;
        await Tool.NeedAsync("curl", "curl");
        var folder = BenchFolder.Fresh("share-read-files");
        await WriteAsync(Path.Combine(folder, File), size);
        await using var server = await FileServer.OfAsync(folder);
        await GetAsync(server);     // what follows is in memory
        var program = await PublishedApp.BuildAsync();
        return [await WorkerAsync(server, program, size, quick), await HttpAsync(server, program, size, quick)];
    }

    private static async Task<FigureRow> WorkerAsync(FileServer server, PublishedApp program, int size, bool quick)
    {
        using var manager = new ResilientSmbManager(Options.Create(new SmbOptions()), new SmbPasswords(new EphemeralDataProtectionProvider()), TimeProvider.System, NullLogger<ResilientSmbManager>.Instance) { ProgramPath = program.Assembly };
        await using var connector = new SmbConnector(manager, new SmbLogin("127.0.0.1", server.Port, "tree", "", "", null, SmbEncryption.Off), "");
        var runs = await PairedRuns.MeasureAsync(quick ? 2 : 6, () => GetAsync(server), ReadAsync);
        return FigureRow.Of("P7r", string.Create(CultureInfo.InvariantCulture, $"a file of {size:N0} MiB on a share read through by a worker: speed"), "`smbclient get`", runs, Limit.NoLess(0.7, 1.0));

        async Task<Sample> ReadAsync()
        {
            var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var (buffer, read) = (new byte[MiB], 0L);
            for (var time = 0; time < Times; time++)
            {
                await using var stream = await connector.OpenAsync(File, default);
                for (var piece = 1; piece > 0; read += piece)
                {
                    piece = await stream.ReadAsync(buffer);
                }
            }

            return Whole(read, size, new Sample(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, 0));
        }
    }

    private static async Task<FigureRow> HttpAsync(FileServer server, PublishedApp program, int size, bool quick)
    {
        await using var app = await ServedApp.StartAsync(program, BenchFolder.Fresh("share-read"));
        await app.LogInAsync();
        var source = (await app.PostAsync("/api/v1/sources", new { name = "Share", protocol = "smb", host = "127.0.0.1", port = server.Port, share = "tree", watch = false })).GetProperty("id").GetInt64();
        await app.ScanAsync(source, "full");
        var item = (await GetAsync(app, "/api/v1/media")).GetProperty("items")[0].GetProperty("id").GetInt64();
        var version = (await GetAsync(app, string.Create(CultureInfo.InvariantCulture, $"/api/v1/media/{item}/versions")))[0].GetProperty("id").GetInt64();
        var address = new Uri(app.Client.BaseAddress!, string.Create(CultureInfo.InvariantCulture, $"/api/v1/versions/{version}/stream"));
        var runs = await PairedRuns.MeasureAsync(quick ? 2 : 6, () => GetAsync(server), ReadAsync);
        return FigureRow.Of("P7r", string.Create(CultureInfo.InvariantCulture, $"a file of {size:N0} MiB on a share sent on over HTTP, to `curl`: speed"), "`smbclient get`", runs, Limit.NoLess(0.5, 0.7));

        // A process that throws away what it gets, as the baseline's is; CPU is the server's.
        async Task<Sample> ReadAsync()
        {
            var (told, cpu) = (BenchFolder.WorkPathOf("size"), app.CpuSeconds);
            var read = await Tool.MeasureAsync(told, "curl", ["--silent", "--fail", "--header", $"Authorization: Bearer {app.Token}", "--write-out", "%{size_download}\\n", .. Enumerable.Range(0, Times).SelectMany(_ => new[] { "--output", "/dev/null", address.ToString() })]);
            return Whole((await System.IO.File.ReadAllLinesAsync(told)).Sum(line => long.Parse(line, CultureInfo.InvariantCulture)), size, read with { CpuSeconds = app.CpuSeconds - cpu });
        }
    }

    /// <summary>What one reading took.</summary>
    private static Sample Whole(long read, int size, Sample sample) => read == (long)size * MiB * Times
        ? Each(sample)
        : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{read} bytes of {Times} × {size} MiB came."));

    private static async Task<Sample> GetAsync(FileServer server) => Each(await server.ClientAsync(string.Concat(Enumerable.Repeat($"get \"{File}\" /dev/null;", Times))));

    private static Sample Each(Sample sample) => sample with { Seconds = sample.Seconds / Times, CpuSeconds = sample.CpuSeconds / Times };

    private static async Task<JsonElement> GetAsync(ServedApp app, string address) => JsonDocument.Parse(await app.Client.GetStringAsync(address)).RootElement;

    private static async Task WriteAsync(string path, int size)
    {
        var piece = new byte[MiB];
        new Random(1).NextBytes(piece);
        await using var file = System.IO.File.Create(path);
        for (var i = 0; i < size; i++)
        {
            await file.WriteAsync(piece);
        }

        file.Flush(flushToDisk: true);      // written back while the figures are taken, it would be in some and not in others
    }
}
