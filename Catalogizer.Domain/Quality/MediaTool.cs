using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Catalogizer.Domain.Quality;

/// <summary>
/// Runs ffprobe and ffmpeg. What they are given may be made to harm: each is a process of its own with little memory, low
/// priority and no surroundings, which reads by one protocol and no formats that name other files.
/// </summary>
internal static class MediaTool
{
    private const int LongestComplaint = 4096;
    private const string Memory = "--as=2147483648";

    /// <summary>Formats that carry media themselves: no playlists, no lists of pictures, nothing that opens a further file.</summary>
    private const string Formats =
        "matroska,webm,mov,mp4,avi,mpegts,mpeg,mpegvideo,asf,flv,ogg,flac,mp3,aac,wav,w64,aiff,ape,wv,tta,tak,dsf,m4v,h264,hevc,obu,ivf,vc1,rm,ac3,eac3,dts,truehd,caf,mpc,mpc8,mxf,au,amr,dv";

    public static bool IsThere(string program) => Find(program) is not null;

    /// <summary>A file of this machine as what is read, with what has to stand before it.</summary>
    public static string[] Input(string path) => ["-protocol_whitelist", "file", "-format_whitelist", Formats, "-i", "file:" + Path.GetFullPath(path)];

    /// <summary>What an address on this machine serves. What waits to be received was read from the source and is thrown away with every jump, so little waits.</summary>
    public static string[] Input(Uri address) => ["-protocol_whitelist", "http,tcp", "-format_whitelist", Formats, "-recv_buffer_size", "32768", "-i", address.AbsoluteUri];

    /// <summary>Runs a program to its end and answers what it wrote.</summary>
    /// <param name="mostBytes">More than that is no answer that anybody could use.</param>
    /// <exception cref="ProbeFault">It is not installed, did not start, or wrote too much.</exception>
    /// <exception cref="OperationCanceledException">It was given up, and is gone.</exception>
    public static async Task<ToolAnswer> RunAsync(string program, IEnumerable<string> arguments, int mostBytes, CancellationToken cancellation)
    {
        using var process = Start(Find(program) ?? throw new ProbeFault($"{program} is not installed.", mayPass: true), arguments);
        try
        {
            process.StandardInput.Close();
            var complaint = ComplaintAsync(process.StandardError, cancellation);
            var output = await OutputAsync(process.StandardOutput.BaseStream, mostBytes, cancellation);
            await process.WaitForExitAsync(cancellation);
            return new ToolAnswer(process.ExitCode == 0, output, await complaint);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        List<string> line = [];
        if (Find("nice") is { } nice)
        {
            line.AddRange([nice, "-n", "19"]);      // whatever else this machine does comes first
        }

        if (Find("prlimit") is { } limiter)
        {
            line.AddRange([limiter, Memory, "--core=0", "--"]);
        }

        line.AddRange([program, .. arguments]);
        start.FileName = line[0];
        line.Skip(1).ToList().ForEach(start.ArgumentList.Add);
        try
        {
            return Process.Start(start) ?? throw new ProbeFault($"{Path.GetFileName(program)} did not start.", mayPass: true);
        }
        catch (Win32Exception exception)
        {
            throw new ProbeFault($"{Path.GetFileName(program)} could not be started: {exception.Message}", mayPass: true, exception);
        }
    }

    private static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static async Task<byte[]> OutputAsync(Stream output, int most, CancellationToken cancellation)
    {
        using var answer = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await output.ReadAsync(block, cancellation)) > 0;)
        {
            if (answer.Length + read > most)
            {
                throw new ProbeFault("The file describes more than anybody could use.", mayPass: false);
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
}

/// <param name="Complaint">The beginning of what it wrote to its error output.</param>
internal sealed record ToolAnswer(bool Succeeded, ReadOnlyMemory<byte> Output, string Complaint);
