using System.Diagnostics;

namespace Catalogizer.Tests.Quality;

/// <summary>Small media files, really encoded.</summary>
internal static class EncodedMedia
{
    public static string[] VideoArguments(string size = "1280x720") => ["-f", "lavfi", "-i", $"testsrc=size={size}:rate=5:duration=1"];

    public static string[] AudioArguments(string layout = "stereo") => ["-f", "lavfi", "-i", $"anullsrc=channel_layout={layout}:sample_rate=48000", "-t", "1"];

    public static async Task WriteAsync(string path, params string[] arguments)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (string[])["-v", "error", "-y", .. arguments, "file:" + path])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
    }
}
