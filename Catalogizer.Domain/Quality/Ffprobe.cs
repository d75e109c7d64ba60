using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Quality;

/// <summary>A file could not be looked into. The message is one sentence for people.</summary>
/// <param name="MayPass">Whether another try may go better.</param>
public sealed class ProbeFault(string message, bool mayPass, Exception? inner = null) : IOException(message, inner)
{
    public bool MayPass { get; } = mayPass;
}

/// <summary>Asks ffprobe what is in a file.</summary>
public sealed class Ffprobe(IOptions<QualityOptions> options)
{
    private const int LongestAnswer = 1 << 20;

    /// <summary>How much of the content it may look at: little first, which is enough where a header tells all, then what is usual.</summary>
    private static readonly string[] Looks = ["500000", "5000000"];

    /// <summary>Whether it is installed.</summary>
    public bool IsThere => MediaTool.IsThere("ffprobe");

    /// <summary>Looks into a file of this machine.</summary>
    /// <exception cref="ProbeFault">It is no media file, or cannot be looked into.</exception>
    public Task<MediaMeasures> LookAsync(string path, CancellationToken cancellation) => RunAsync(MediaTool.Input(path), cancellation);

    /// <summary>Looks into what an address on this machine serves.</summary>
    /// <exception cref="ProbeFault">It is no media file, or cannot be looked into.</exception>
    public Task<MediaMeasures> LookAsync(Uri address, CancellationToken cancellation) => RunAsync(MediaTool.Input(address), cancellation);

    private async Task<MediaMeasures> RunAsync(string[] input, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(options.Value.TimeLimit);
        try
        {
            return await RunAsync(input, Looks[0], late.Token) is { IsWhole: true } measures
                ? measures
                : await RunAsync(input, Looks[1], late.Token) ?? throw new ProbeFault(Words("", input[^1]), mayPass: false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ProbeFault(FormattableString.Invariant($"Looking into the file took longer than {options.Value.TimeLimit.TotalSeconds:0} seconds."), mayPass: true);
        }
    }

    /// <summary>Null when it found neither picture nor sound.</summary>
    private static async Task<MediaMeasures?> RunAsync(string[] input, string bytes, CancellationToken cancellation)
    {
        var answer = await MediaTool.RunAsync(
            "ffprobe", ["-v", "error", "-hide_banner", "-probesize", bytes, "-print_format", "json", "-show_format", "-show_streams", .. input], LongestAnswer, cancellation);
        if (!answer.Succeeded)
        {
            throw new ProbeFault(Words(answer.Complaint, input[^1]), mayPass: false);
        }

        try
        {
            return MediaMeasures.Read(answer.Output);
        }
        catch (JsonException exception)
        {
            throw new ProbeFault("ffprobe answered something that cannot be read.", mayPass: false, exception);
        }
    }

    /// <summary>Its last line without the place, which an address would give away.</summary>
    private static string Words(string said, string input)
    {
        var last = said.Replace(input, "", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()?.TrimStart(':', ' ');
        return string.IsNullOrEmpty(last) ? "The file has neither picture nor sound that can be read." : $"The file cannot be read as media: {(last.Length > 200 ? last[..200] : last).TrimEnd('.')}.";
    }
}
