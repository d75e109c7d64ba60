using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Catalogizer.Bench.Measuring;
using Catalogizer.Bench.Report;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Figures;

/// <summary>A file of a share read through, from the running server's HTTP stream, against Samba's own client getting it.</summary>
internal sealed class ShareRead : IFigure
{
    private const string File = "Wonder (2001).mkv";
    private const int MiB = 1024 * 1024;

    public string Name => "share-read";

    public async Task<IReadOnlyList<FigureRow>> MeasureAsync(bool quick)
    {
        var size = quick ? 256 : 1024;
        var folder = BenchFolder.Fresh("share-read-files");
        await WriteAsync(Path.Combine(folder, File), size);
        await using var server = await FileServer.OfAsync(folder);
        await using var app = await ServedApp.StartAsync(await PublishedApp.BuildAsync(), BenchFolder.Fresh("share-read"));
        await app.LogInAsync();
        var source = (await app.PostAsync("/api/v1/sources", new { name = "Share", protocol = "smb", host = "127.0.0.1", port = server.Port, share = "tree", watch = false })).GetProperty("id").GetInt64();
        await app.ScanAsync(source, "full");
        var item = (await GetAsync(app, "/api/v1/media")).GetProperty("items")[0].GetProperty("id").GetInt64();
        var version = (await GetAsync(app, string.Create(CultureInfo.InvariantCulture, $"/api/v1/media/{item}/versions")))[0].GetProperty("id").GetInt64();
        var runs = await PairedRuns.MeasureAsync(
            quick ? 2 : 6,
            () => server.ClientAsync($"get \"{File}\" /dev/null"),
            () => ReadAsync(app, string.Create(CultureInfo.InvariantCulture, $"/api/v1/versions/{version}/stream"), (long)size * MiB));
        return [FigureRow.Of("P7", string.Create(CultureInfo.InvariantCulture, $"a file of {size:N0} MiB on a share read through, over HTTP: speed"), "`smbclient get`", runs, Limit.NoLess(0.7, 1.0))];
    }

    private static async Task<JsonElement> GetAsync(ServedApp app, string address) => JsonDocument.Parse(await app.Client.GetStringAsync(address)).RootElement;

    private static async Task<Sample> ReadAsync(ServedApp app, string address, long expected)
    {
        var (watch, cpu) = (Stopwatch.StartNew(), app.CpuSeconds);
        await using var stream = await app.Client.GetStreamAsync(address);
        var (buffer, read) = (new byte[MiB], 0L);
        for (var piece = 1; piece > 0; read += piece)
        {
            piece = await stream.ReadAsync(buffer);
        }

        return read == expected
            ? new Sample(watch.Elapsed.TotalSeconds, watch.Elapsed.TotalSeconds, app.CpuSeconds - cpu, 0)
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{read} bytes of {expected} came."));
    }

    private static async Task WriteAsync(string path, int size)
    {
        var piece = new byte[MiB];
        new Random(1).NextBytes(piece);
        await using var file = System.IO.File.Create(path);
        for (var i = 0; i < size; i++)
        {
            await file.WriteAsync(piece);
        }
    }
}
