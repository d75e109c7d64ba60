using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Catalogizer.Domain.Quality;

/// <summary>
/// Runs ffprobe and ffmpeg. Their input may be malicious: each runs in a separate process with little memory, low priority and no
/// environment but PATH, and reads by one protocol and no formats that refer to other files.
/// </summary>
internal static class MediaTool
{
    private const int MaxErrorLength = 4096;
    private const string MemoryLimit = "--as=2147483648";

    /// <summary>Formats that contain the media themselves: no playlists, no lists of images, nothing that opens another file.</summary>
    private const string AllowedFormats =
        "matroska,webm,mov,mp4,avi,mpegts,mpeg,mpegvideo,asf,flv,ogg,flac,mp3,aac,wav,w64,aiff,ape,wv,tta,tak,dsf,m4v,h264,hevc,obu,ivf,vc1,rm,ac3,eac3,dts,truehd,caf,mpc,mpc8,mxf,au,amr,dv";

    public static bool IsInstalled(string program) => FindProgram(program) is not null;

    /// <summary>Arguments to read a file on this server, with the restrictions that must precede it.</summary>
    public static string[] InputArguments(string path) => ["-protocol_whitelist", "file", "-format_whitelist", AllowedFormats, "-i", "file:" + Path.GetFullPath(path)];

    /// <summary>Arguments to read an address on this server. The receive buffer is small: at every seek, what it has read of the source is lost.</summary>
    public static string[] InputArguments(Uri address) => ["-protocol_whitelist", "http,tcp", "-format_whitelist", AllowedFormats, "-recv_buffer_size", "32768", "-i", address.AbsoluteUri];

    /// <summary>Runs a program to its end and returns its output.</summary>
    /// <param name="maxBytes">Maximum size of the output in bytes; a larger one throws.</param>
    /// <exception cref="MediaProbeException">The program is not installed, did not start, or wrote too much.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; the process has ended.</exception>
    public static async Task<ToolResult> RunAsync(string program, IEnumerable<string> arguments, int maxBytes, CancellationToken cancellation)
    {
        using var process = StartProcess(FindProgram(program) ?? throw new MediaProbeException($"{program} is not installed.", isTransient: true), arguments);
        try
        {
            process.StandardInput.Close();
            var errorOutput = ReadErrorOutputAsync(process.StandardError, cancellation);
            var output = await ReadOutputAsync(process.StandardOutput.BaseStream, maxBytes, cancellation);
            await process.WaitForExitAsync(cancellation);
            return new ToolResult(process.ExitCode == 0, output, await errorOutput);
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

    private static Process StartProcess(string program, IEnumerable<string> arguments)
    {
        var startInfo = new ProcessStartInfo
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        startInfo.Environment.Clear();
        startInfo.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        List<string> commandLine = [];
        if (FindProgram("nice") is { } nice)
        {
            commandLine.AddRange([nice, "-n", "19"]);      // any other process on this server comes first
        }

        if (FindProgram("prlimit") is { } limiter)
        {
            commandLine.AddRange([limiter, MemoryLimit, "--core=0", "--"]);
        }

        commandLine.AddRange([program, .. arguments]);
        startInfo.FileName = commandLine[0];
        commandLine.Skip(1).ToList().ForEach(startInfo.ArgumentList.Add);
        try
        {
            return Process.Start(startInfo) ?? throw new MediaProbeException($"{Path.GetFileName(program)} did not start.", isTransient: true);
        }
        catch (Win32Exception exception)
        {
            throw new MediaProbeException($"{Path.GetFileName(program)} could not be started: {exception.Message}", isTransient: true, exception);
        }
    }

    private static string? FindProgram(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static async Task<byte[]> ReadOutputAsync(Stream output, int max, CancellationToken cancellation)
    {
        using var buffer = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await output.ReadAsync(block, cancellation)) > 0;)
        {
            if (buffer.Length + read > max)
            {
                throw new MediaProbeException("The file describes more than anybody could use.", isTransient: false);
            }

            buffer.Write(block, 0, read);
        }

        return buffer.ToArray();
    }

    /// <summary>The start of the error output. The rest is read and discarded, so that the process never blocks on a full pipe.</summary>
    private static async Task<string> ReadErrorOutputAsync(StreamReader errors, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var block = new char[1024];
        try
        {
            for (int read; (read = await errors.ReadAsync(block, cancellation)) > 0;)
            {
                text.Append(block, 0, Math.Min(read, MaxErrorLength - text.Length));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
            return "";
        }

        return text.ToString();
    }
}

/// <param name="ErrorOutput">The start of the program's error output.</param>
internal sealed record ToolResult(bool Succeeded, ReadOnlyMemory<byte> Output, string ErrorOutput);
