using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Quality;

/// <summary>A file could not be looked into. The message is one sentence for people.</summary>
/// <param name="MayPass">Whether another try may go better.</param>
public sealed class ProbeFault(string message, bool mayPass, Exception? inner = null) : IOException(message, inner)
{
    public bool MayPass { get; } = mayPass;
}

/// <summary>
/// Asks ffprobe what is in a file. What it is given may be made to harm: it is a process of its own with little memory, little
/// time and no surroundings, reads by one protocol and no formats that name other files.
/// </summary>
public sealed class Ffprobe(IOptions<QualityOptions> options)
{
    private const int LongestAnswer = 1 << 20;
    private const int LongestComplaint = 4096;
    /// <summary>How much of the content it may look at: little first, which is enough where a header tells all, then what is usual.</summary>
    private static readonly string[] Looks = ["500000", "5000000"];

    private const string Memory = "--as=2147483648";

    /// <summary>Formats that carry media themselves: no playlists, no lists of pictures, nothing that opens a further file.</summary>
    private const string Formats =
        "matroska,webm,mov,mp4,avi,mpegts,mpeg,mpegvideo,asf,flv,ogg,flac,mp3,aac,wav,w64,aiff,ape,wv,tta,tak,dsf,m4v,h264,hevc,obu,ivf,vc1,rm,ac3,eac3,dts,truehd,caf,mpc,mpc8,mxf,au,amr,dv";

    /// <summary>Whether it is installed.</summary>
    public bool IsThere => Find("ffprobe") is not null;

    /// <summary>Looks into a file of this machine.</summary>
    /// <exception cref="ProbeFault">It is no media file, or cannot be looked into.</exception>
    public Task<MediaMeasures> LookAsync(string path, CancellationToken cancellation) => RunAsync("file:" + Path.GetFullPath(path), "file", cancellation);

    /// <summary>Looks into what an address on this machine serves.</summary>
    /// <exception cref="ProbeFault">It is no media file, or cannot be looked into.</exception>
    public Task<MediaMeasures> LookAsync(Uri address, CancellationToken cancellation) => RunAsync(address.AbsoluteUri, "http,tcp", cancellation);

    private async Task<MediaMeasures> RunAsync(string input, string protocols, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(options.Value.TimeLimit);
        return await RunAsync(input, protocols, Looks[0], late.Token, cancellation) is { IsWhole: true } measures
            ? measures
            : await RunAsync(input, protocols, Looks[1], late.Token, cancellation) ?? throw new ProbeFault(Words("", input), mayPass: false);
    }

    /// <summary>Null when it found neither picture nor sound.</summary>
    private async Task<MediaMeasures?> RunAsync(string input, string protocols, string bytes, CancellationToken late, CancellationToken cancellation)
    {
        var program = Find("ffprobe") ?? throw new ProbeFault("ffprobe is not installed.", mayPass: true);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late, cancellation);
        using var process = Start(program, input, protocols, bytes);
        try
        {
            process.StandardInput.Close();
            var complaint = ComplaintAsync(process.StandardError, either.Token);
            var answer = await AnswerAsync(process.StandardOutput.BaseStream, either.Token);
            await process.WaitForExitAsync(either.Token);
            var said = await complaint;
            return process.ExitCode == 0 ? Read(answer) : throw new ProbeFault(Words(said, input), mayPass: false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ProbeFault(FormattableString.Invariant($"Looking into the file took longer than {options.Value.TimeLimit.TotalSeconds:0} seconds."), mayPass: true);
        }
        finally
        {
            End(process);
        }
    }

    private static Process Start(string program, string input, string protocols, string bytes)
    {
        var start = new ProcessStartInfo
        {
            FileName = program,
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        if (Find("prlimit") is { } limiter)
        {
            start.FileName = limiter;
            Add(start, Memory, "--core=0", "--", program);
        }

        if (Find("nice") is { } nice)
        {
            start.ArgumentList.Insert(0, start.FileName);
            start.ArgumentList.Insert(0, "19");
            start.ArgumentList.Insert(0, "-n");
            start.FileName = nice;      // whatever else this machine does comes first
        }

        Add(start, "-v", "error", "-hide_banner", "-protocol_whitelist", protocols, "-format_whitelist", Formats, "-probesize", bytes);
        if (protocols != "file")
        {
            Add(start, "-recv_buffer_size", "32768");       // what waits there was read from the source, and is thrown away with every jump
        }

        Add(start, "-print_format", "json", "-show_format", "-show_streams", "-i", input);
        try
        {
            return Process.Start(start) ?? throw new ProbeFault("ffprobe did not start.", mayPass: true);
        }
        catch (Win32Exception exception)
        {
            throw new ProbeFault($"ffprobe could not be started: {exception.Message}", mayPass: true, exception);
        }
    }

    private static void Add(ProcessStartInfo start, params ReadOnlySpan<string> arguments)
    {
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
    }

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static async Task<ReadOnlyMemory<byte>> AnswerAsync(Stream output, CancellationToken cancellation)
    {
        using var answer = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await output.ReadAsync(block, cancellation)) > 0;)
        {
            if (answer.Length + read > LongestAnswer)
            {
                throw new ProbeFault("The file describes more streams than anybody could use.", mayPass: false);
            }

            answer.Write(block, 0, read);
        }

        return answer.ToArray();
    }

    /// <summary>The beginning of what it complains of; the rest is read and thrown away, so that it never waits for us.</summary>
    private static async Task<string> ComplaintAsync(StreamReader errors, CancellationToken cancellation)
    {
        var kept = new StringBuilder();
        var block = new char[1024];
        try
        {
            for (int read; (read = await errors.ReadAsync(block, cancellation)) > 0;)
            {
                kept.Append(block, 0, Math.Min(read, LongestComplaint - kept.Length));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            return "";
        }

        return kept.ToString();
    }

    private static MediaMeasures? Read(ReadOnlyMemory<byte> answer)
    {
        try
        {
            return MediaMeasures.Read(answer);
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

    private static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }
}
