using System.Diagnostics;

namespace Catalogizer.Tests.Support;

/// <summary>The output and exit code of a command.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Errors)
{
    // Publishing the image takes five minutes, on a busy machine twenty.
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(30);

    /// <summary>Runs a command to its end, without a terminal and with an empty standard input.</summary>
    public static async Task<CommandRun> ExecuteAsync(string folder, IReadOnlyDictionary<string, string?> environment, string command, params string[] arguments)
    {
        using var process = Start(folder, environment, command, arguments);
        process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(WaitTimeout);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
            var errors = process.StandardError.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return new CommandRun(process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Starts a command; the caller reads its streams and ends it. A variable given as null is removed.</summary>
    public static Process Start(string folder, IReadOnlyDictionary<string, string?> environment, string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start.");
    }
}
