using Catalogizer.Domain.Quality;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Quality;

/// <summary>How much of a 4 GiB file is read over the loopback address.</summary>
public sealed class LargeFileTests : IDisposable
{
    private const long FourGiB = 4L << 30;
    private const long MaxBytesRead = 2 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("film.mp4")]
    [InlineData("film.mkv")]
    public async Task Look_IndexAtTheEnd_ReadsTwoMebibytesAndTheIndexAtMost(string name)
    {
        var path = _folder.PathOf(name);
        await EncodedMedia.WriteAsync(
            path,
            [
                "-f", "rawvideo", "-pix_fmt", "yuv420p", "-video_size", "1920x1080", "-framerate", "24", "-i", "/dev/urandom", "-f", "lavfi", "-i", "anullsrc=channel_layout=5.1:sample_rate=48000", "-t", "3",
                "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "40M", "-maxrate", "40M", "-bufsize", "4M", "-pix_fmt", "yuv420p", "-c:a", "aac",
            ]);
        var content = new FileInfo(path).Length;
        var index = name.EndsWith("mp4", StringComparison.Ordinal) ? LargeFiles.WidenMp4(path, FourGiB) : LargeFiles.WidenMatroska(path, FourGiB);
        using var endpoint = new RangeEndpoint();
        await using var file = File.OpenRead(path);
        using var served = endpoint.Serve(file);

        var found = await new Ffprobe(Options.Create(new QualityOptions { TimeLimit = TimeSpan.FromMinutes(2) })).AnalyzeAsync(served.Address, default);

        Assert.Equal(("1080p", "H.264", "AAC", "5.1"), (found.Resolution, found.VideoCodec, found.AudioCodec, found.AudioChannels));
        Assert.InRange(found.DurationSeconds!.Value, 2.5, 3.5);
        Assert.True(content > 3 * MaxBytesRead && file.Length > FourGiB);
        Assert.True(served.BytesRead <= MaxBytesRead + index, $"{served.BytesRead:N0} bytes were read; the index has {index:N0}.");
    }
}
