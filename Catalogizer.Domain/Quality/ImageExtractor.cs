namespace Catalogizer.Domain.Quality;

/// <summary>Extracts images from media files with ffmpeg.</summary>
internal static class ImageExtractor
{
    private const int MaxBytes = 8 << 20;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    /// <summary>Output as JPEG, at most 500 pixels wide.</summary>
    private static readonly string[] SmallJpegArguments = ["-frames:v", "1", "-vf", "scale='min(500,iw)':-2", "-q:v", "4", "-f", "mjpeg", "pipe:1"];

    /// <summary>The image embedded in a file or, with <paramref name="second"/>, the frame at that second; null when there is none.</summary>
    /// <param name="input">Input arguments of <see cref="MediaTool"/>.</param>
    public static Task<byte[]?> ExtractAsync(string[] input, double? second, CancellationToken cancellation) => RunAsync(
        second is { } at
            ? ["-ss", FormattableString.Invariant($"{at:0.###}"), .. input, "-map", "0:V:0", "-an", "-sn", .. SmallJpegArguments]
            : [.. input, "-map", "0:v", "-map", "-0:V", .. SmallJpegArguments],
        cancellation);

    /// <summary>Scales an image file down; null when it cannot be read as an image.</summary>
    public static Task<byte[]?> ResizeAsync(string path, CancellationToken cancellation) => RunAsync(
        ["-protocol_whitelist", "file", "-format_whitelist", "image2,jpeg_pipe,png_pipe,webp_pipe,gif,gif_pipe", "-i", "file:" + path, .. SmallJpegArguments], cancellation);

    /// <exception cref="MediaProbeException">ffmpeg is not installed or took too long.</exception>
    private static async Task<byte[]?> RunAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(TimeLimit);
        try
        {
            var result = await MediaTool.RunAsync("ffmpeg", ["-v", "error", "-nostdin", "-threads", "1", .. arguments], MaxBytes, timeout.Token);
            return result is { Succeeded: true, Output.Length: > 0 } ? result.Output.ToArray() : null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new MediaProbeException(FormattableString.Invariant($"Taking a picture from the file took longer than {TimeLimit.TotalSeconds:0} seconds."), isTransient: true);
        }
    }
}
