using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Quality;

/// <summary>The analysis of a file failed. The message is one sentence for users.</summary>
/// <param name="isTransient">Whether another attempt may succeed.</param>
public sealed class MediaProbeException(string message, bool isTransient, Exception? inner = null) : IOException(message, inner)
{
    public bool IsTransient { get; } = isTransient;
}

/// <summary>Analyses media files with ffprobe.</summary>
public sealed class Ffprobe(IOptions<QualityOptions> options)
{
    private const int MaxOutputBytes = 1 << 20;

    /// <summary>Number of bytes ffprobe may analyse: few at first, which suffice for a complete header, then the usual number.</summary>
    private static readonly string[] ProbeSizes = ["500000", "5000000"];

    public bool IsInstalled => MediaTool.IsInstalled("ffprobe");

    /// <summary>Analyses a file on this server.</summary>
    /// <exception cref="MediaProbeException">The file is not a media file, or its analysis failed.</exception>
    public Task<MediaProperties> AnalyzeAsync(string path, CancellationToken cancellation) => RunAsync(MediaTool.InputArguments(path), cancellation);

    /// <summary>Analyses the content served at an address on this server.</summary>
    /// <exception cref="MediaProbeException">The file is not a media file, or its analysis failed.</exception>
    public Task<MediaProperties> AnalyzeAsync(Uri address, CancellationToken cancellation) => RunAsync(MediaTool.InputArguments(address), cancellation);

    private async Task<MediaProperties> RunAsync(string[] input, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(options.Value.TimeLimit);
        try
        {
            return await RunAsync(input, ProbeSizes[0], timeout.Token) is { IsComplete: true } properties
                ? properties
                : await RunAsync(input, ProbeSizes[1], timeout.Token) ?? throw new MediaProbeException(DescribeError("", input[^1]), isTransient: false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new MediaProbeException(FormattableString.Invariant($"Looking into the file took longer than {options.Value.TimeLimit.TotalSeconds:0} seconds."), isTransient: true);
        }
    }

    /// <returns>Null when the file has neither video nor audio.</returns>
    private static async Task<MediaProperties?> RunAsync(string[] input, string bytes, CancellationToken cancellation)
    {
        var result = await MediaTool.RunAsync(
            "ffprobe", ["-v", "error", "-hide_banner", "-probesize", bytes, "-print_format", "json", "-show_format", "-show_streams", .. input], MaxOutputBytes, cancellation);
        if (!result.Succeeded)
        {
            throw new MediaProbeException(DescribeError(result.ErrorOutput, input[^1]), isTransient: false);
        }

        try
        {
            return MediaProperties.Parse(result.Output);
        }
        catch (JsonException exception)
        {
            throw new MediaProbeException("ffprobe answered something that cannot be read.", isTransient: false, exception);
        }
    }

    /// <summary>The last line of the error output, without the input: an address in it must stay secret.</summary>
    private static string DescribeError(string errorOutput, string input)
    {
        var last = errorOutput.Replace(input, "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()?.TrimStart(':', ' ');
        return string.IsNullOrEmpty(last) ? "The file has neither picture nor sound that can be read." : $"The file cannot be read as media: {(last.Length > 200 ? last[..200] : last).TrimEnd('.')}.";
    }
}
