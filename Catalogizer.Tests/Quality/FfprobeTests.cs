using System.Diagnostics;
using Catalogizer.Domain.Quality;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Quality;

/// <summary>The real ffprobe on really encoded media, and on unsuitable or crafted files.</summary>
public sealed class FfprobeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Analyze_H264WithSurround_IsMeasured()
    {
        var found = await AnalyzeAsync("a.mkv", [.. EncodedMedia.VideoArguments(), .. EncodedMedia.AudioArguments("5.1"), "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "ac3"]);

        Assert.Equal(("720p", "H.264", "AC3", "5.1", "matroska"), (found.Resolution, found.VideoCodec, found.AudioCodec, found.AudioChannels, found.Container));
        Assert.Equal((1280, 720, 5.0), (found.Width, found.Height, found.FrameRate));
        Assert.InRange(found.DurationSeconds!.Value, 0.9, 1.2);
        Assert.True(found.Bitrate > 0);
        Assert.Empty(found.Hdr);
    }

    [Theory]
    [InlineData("padded.mp4", true)]        // its streams give their bit rates
    [InlineData("padded.mkv", false)]
    public async Task Analyze_PaddedFile_TellsTheRateOfItsStreamsOrThatItIsReckoned(string name, bool isOwn)
    {
        string[] film = [.. EncodedMedia.VideoArguments("320x180"), .. EncodedMedia.AudioArguments(), "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"];
        var plain = await AnalyzeAsync("plain-" + name, film);
        await EncodedMedia.WriteAsync(_folder.PathOf(name), film);
        await using (var file = new FileStream(_folder.PathOf(name), FileMode.Append))
        {
            await file.WriteAsync(new byte[10 * 1024 * 1024]);
        }

        var padded = await CreateProbe().AnalyzeAsync(_folder.PathOf(name), default);

        Assert.Equal((isOwn, isOwn), (plain.HasStreamBitrate, padded.HasStreamBitrate));
        Assert.Equal(isOwn, plain.Bitrate == padded.Bitrate);
    }

    [Fact]
    public async Task Analyze_H265WithHdr_IsMeasured()
    {
        var found = await AnalyzeAsync(
            "b.mkv",
            [.. EncodedMedia.VideoArguments("320x180"), "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le", "-x265-params",
                "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc", "-color_trc", "smpte2084", "-color_primaries", "bt2020", "-colorspace", "bt2020nc"]);

        Assert.Equal(("360p", "H.265"), (found.Resolution, found.VideoCodec));
        Assert.Equal(["HDR10"], found.Hdr);
        Assert.Null(found.AudioCodec);
    }

    [Fact]
    public async Task Analyze_Av1_IsMeasured() =>
        Assert.Equal("AV1", (await AnalyzeAsync("c.mkv", [.. EncodedMedia.VideoArguments("160x90"), "-c:v", "libsvtav1"])).VideoCodec);

    [Theory]
    [InlineData("a.flac", "flac", "FLAC")]
    [InlineData("a.mp3", "libmp3lame", "MP3")]
    [InlineData("a.opus", "libopus", "Opus")]
    [InlineData("a.wav", "pcm_s16le", "WAV")]
    public async Task Analyze_Sound_IsMeasured(string name, string encoder, string codec)
    {
        var found = await AnalyzeAsync(name, [.. EncodedMedia.AudioArguments(), "-c:a", encoder]);

        Assert.Equal((null, codec, "2.0"), (found.Resolution, found.AudioCodec, found.AudioChannels));
    }

    [Fact]
    public async Task Analyze_NameLikeAnOption_IsAFile() =>
        Assert.Equal("FLAC", (await AnalyzeAsync("-show_data.flac", [.. EncodedMedia.AudioArguments(), "-c:a", "flac"])).AudioCodec);

    [Theory]
    [InlineData("text.mkv", "Only words.")]
    [InlineData("list.mkv", "ffconcat version 1.0\nfile other.flac\n")]
    [InlineData("list.m3u8.mkv", "#EXTM3U\n#EXTINF:1,\nother.flac\n")]
    [InlineData("none.mkv", "")]
    public async Task Analyze_NoMedia_SaysSoForGood(string name, string content)
    {
        await EncodedMedia.WriteAsync(_folder.PathOf("other.flac"), [.. EncodedMedia.AudioArguments(), "-c:a", "flac"]);

        var exception = await Assert.ThrowsAsync<MediaProbeException>(() => CreateProbe().AnalyzeAsync(_folder.Write(name, content), default));

        Assert.False(exception.IsTransient);
        Assert.DoesNotContain(_folder.Path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Analyze_Truncated_IsMeasuredOrRefused()
    {
        var path = _folder.PathOf("cut.mp4");
        await EncodedMedia.WriteAsync(path, [.. EncodedMedia.VideoArguments("160x90"), "-c:v", "libx264"]);
        await using (var file = File.OpenWrite(path))
        {
            file.SetLength(file.Length / 2);
        }

        Assert.False((await Assert.ThrowsAsync<MediaProbeException>(() => CreateProbe().AnalyzeAsync(path, default))).IsTransient);
    }

    [Fact]
    public async Task Analyze_FileThatNeverAnswers_EndsWithItsProcess()
    {
        var path = _folder.PathOf("pipe.mkv");
        using (var make = Process.Start("mkfifo", [path]))
        {
            await make.WaitForExitAsync();
        }

        var exception = await Assert.ThrowsAsync<MediaProbeException>(() => CreateProbe(TimeSpan.FromSeconds(1)).AnalyzeAsync(path, default));

        Assert.True(exception.IsTransient);
        Assert.DoesNotContain(Directory.EnumerateDirectories("/proc"), folder => MentionsPath(folder, path));
    }

    private static bool MentionsPath(string folder, string path)
    {
        try
        {
            return File.Exists(Path.Combine(folder, "cmdline")) && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(path, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Ffprobe CreateProbe(TimeSpan? limit = null) => new(Options.Create(new QualityOptions { TimeLimit = limit ?? TimeSpan.FromMinutes(2) }));

    private async Task<MediaProperties> AnalyzeAsync(string name, string[] arguments)
    {
        var path = _folder.PathOf(name);
        await EncodedMedia.WriteAsync(path, arguments);
        return await CreateProbe().AnalyzeAsync(path, default);
    }
}
