using System.Diagnostics;
using System.Globalization;
using Catalogizer.Bench.Measuring;

namespace Catalogizer.Bench.Rig;

/// <summary>Runs other programs. A small helper in C measures them outside of our own process.</summary>
internal static class ProcessRunner
{
    private static readonly Dictionary<string, string> NoVariables = [];

    /// <summary>Runs a command to its end and returns its output.</summary>
    /// <exception cref="InvalidOperationException">The command failed; the message contains its output.</exception>
    public static async Task<string> RunAsync(string command, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var process = Start(command, arguments, environment ?? NoVariables, start => start.RedirectStandardError = true);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}{await output}");
    }

    /// <summary>Runs a command to its end and measures it; its output goes to the file <paramref name="output"/>.</summary>
    public static async Task<Sample> MeasureAsync(string output, string command, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var report = BenchFolder.WorkPathOf("report");
        await RunAsync(await NativeTools.CompileRunnerAsync(), [report, output, command, .. arguments], environment);
        var fields = (await File.ReadAllTextAsync(report)).Split(' ');
        var seconds = double.Parse(fields[0], CultureInfo.InvariantCulture);
        return new Sample(seconds, seconds, double.Parse(fields[1], CultureInfo.InvariantCulture), long.Parse(fields[2], CultureInfo.InvariantCulture));
    }

    /// <summary>Runs <c>find -printf</c> over a tree: a listing with a stat of each file, without storing anything.</summary>
    public static Task<Sample> MeasureFindAsync(string tree) => MeasureAsync("/dev/null", "find", [tree, "-printf", "%p %s %T@\\n"]);

    /// <summary>Installs the Debian packages unless <paramref name="probe"/>, a command or a path, exists already.</summary>
    public static Task EnsureInstalledAsync(string probe, string packages) =>
        RunAsync("bash", ["-c", $". build/needs.sh; need {probe} {packages}; install_missing 'The bench'"]);

    /// <summary>Starts a command whose caller reads its output and ends it. Settings of this app in the environment are not passed on.</summary>
    public static Process Start(string command, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, Action<ProcessStartInfo>? configure = null)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = BenchFolder.Repository };
        foreach (var name in start.Environment.Keys.Where(n => n.StartsWith("CATALOGIZER", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        configure?.Invoke(start);
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{command} did not start.");
        process.StandardInput.Close();
        return process;
    }
}
