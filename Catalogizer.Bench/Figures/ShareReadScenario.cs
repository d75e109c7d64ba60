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

/// <summary>
/// Reading a whole file from a share, through a worker as everywhere in the app and through the running server's HTTP stream, compared
/// with Samba's own client.
/// </summary>
internal sealed class ShareReadScenario : IScenario
{
    private const string FileName = "Wonder (2001).mkv";
    private const int MiB = 1024 * 1024;

    /// <summary>A single read takes less than half a second, which is too short to be reproducible.</summary>
    private const int ReadCount = 8;

    public string Name => "share-read";

    public async Task<IReadOnlyList<ResultRow>> MeasureAsync(bool quick)
    {
        var size = quick ? 256 : 1024;
        await ProcessRunner.EnsureInstalledAsync("curl", "curl");
        var folder = BenchFolder.CreateEmpty("share-read-files");
        await WriteFileAsync(Path.Combine(folder, FileName), size);
        await using var server = await FileServer.CreateAsync(folder);
        await GetAsync(server);     // warms the cache: all later reads come from memory
        var program = await PublishedApp.BuildAsync();
        return [await MeasureWorkerAsync(server, program, size, quick), await MeasureHttpAsync(server, program, size, quick)];
    }

    private static async Task<ResultRow> MeasureWorkerAsync(FileServer server, PublishedApp program, int size, bool quick)
    {
        using var manager = new ResilientSmbManager(Options.Create(new SmbOptions()), new SmbPasswords(new EphemeralDataProtectionProvider()), TimeProvider.System, NullLogger<ResilientSmbManager>.Instance) { ProgramPath = program.AssemblyPath };
        await using var connector = new SmbConnector(manager, new SmbLogin("127.0.0.1", server.Port, "tree", "", "", null, SmbEncryption.Off), "");
        var runs = await PairedRuns.MeasureAsync(quick ? 2 : 6, () => GetAsync(server), ReadAsync);
        return ResultRow.FromRuns("P7r", string.Create(CultureInfo.InvariantCulture, $"a file of {size:N0} MiB on a share read through by a worker: speed"), "`smbclient get`", runs, Limit.Minimum(0.7, 1.0));

        async Task<Sample> ReadAsync()
        {
            var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var (buffer, read) = (new byte[MiB], 0L);
            for (var time = 0; time < ReadCount; time++)
            {
                await using var stream = await connector.OpenAsync(FileName, default);
                for (var piece = 1; piece > 0; read += piece)
                {
                    piece = await stream.ReadAsync(buffer);
                }
            }

            return VerifyAndDivide(read, size, new Sample(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, 0));
        }
    }

    private static async Task<ResultRow> MeasureHttpAsync(FileServer server, PublishedApp program, int size, bool quick)
    {
        await using var app = await ServedApp.StartAsync(program, BenchFolder.CreateEmpty("share-read"));
        await app.LogInAsync();
        var source = (await app.PostAsync("/api/v1/sources", new { name = "Share", protocol = "smb", host = "127.0.0.1", port = server.Port, share = "tree", watch = false })).GetProperty("id").GetInt64();
        await app.ScanAsync(source, "full");
        var item = (await GetAsync(app, "/api/v1/media")).GetProperty("items")[0].GetProperty("id").GetInt64();
        var version = (await GetAsync(app, string.Create(CultureInfo.InvariantCulture, $"/api/v1/media/{item}/versions")))[0].GetProperty("id").GetInt64();
        var address = new Uri(app.Client.BaseAddress!, string.Create(CultureInfo.InvariantCulture, $"/api/v1/versions/{version}/stream"));
        var runs = await PairedRuns.MeasureAsync(quick ? 2 : 6, () => GetAsync(server), ReadAsync);
        return ResultRow.FromRuns("P7r", string.Create(CultureInfo.InvariantCulture, $"a file of {size:N0} MiB on a share sent on over HTTP, to `curl`: speed"), "`smbclient get`", runs, Limit.Minimum(0.5, 0.7));

        // A process that discards what it receives, as the baseline does. The CPU seconds are the server's.
        async Task<Sample> ReadAsync()
        {
            var (output, cpu) = (BenchFolder.WorkPathOf("size"), app.CpuSeconds);
            var read = await ProcessRunner.MeasureAsync(output, "curl", ["--silent", "--fail", "--header", $"Authorization: Bearer {app.Token}", "--write-out", "%{size_download}\\n", .. Enumerable.Range(0, ReadCount).SelectMany(_ => new[] { "--output", "/dev/null", address.ToString() })]);
            return VerifyAndDivide((await System.IO.File.ReadAllLinesAsync(output)).Sum(line => long.Parse(line, CultureInfo.InvariantCulture)), size, read with { CpuSeconds = app.CpuSeconds - cpu });
        }
    }

    /// <summary>Returns the cost of one read, after checking that every byte arrived.</summary>
    private static Sample VerifyAndDivide(long read, int size, Sample sample) => read == (long)size * MiB * ReadCount
        ? DividePerRead(sample)
        : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{read} bytes of {ReadCount} × {size} MiB came."));

    private static async Task<Sample> GetAsync(FileServer server) => DividePerRead(await server.RunClientAsync(string.Concat(Enumerable.Repeat($"get \"{FileName}\" /dev/null;", ReadCount))));

    private static Sample DividePerRead(Sample sample) => sample with { Seconds = sample.Seconds / ReadCount, CpuSeconds = sample.CpuSeconds / ReadCount };

    private static async Task<JsonElement> GetAsync(ServedApp app, string address) => JsonDocument.Parse(await app.Client.GetStringAsync(address)).RootElement;

    private static async Task WriteFileAsync(string path, int size)
    {
        var piece = new byte[MiB];
        new Random(1).NextBytes(piece);
        await using var file = System.IO.File.Create(path);
        for (var i = 0; i < size; i++)
        {
            await file.WriteAsync(piece);
        }

        file.Flush(flushToDisk: true);      // otherwise the file would be written back during some of the measurements
    }
}
