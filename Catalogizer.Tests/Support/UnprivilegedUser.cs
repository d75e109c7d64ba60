using System.Diagnostics;

namespace Catalogizer.Tests.Support;

/// <summary>A user to whom file permissions apply, for running processes. Root, as which continuous integration often runs, bypasses them.</summary>
internal static class UnprivilegedUser
{
    private const string NobodyId = "65534";

    /// <summary>The prefix for a command; empty where the tests already run as such a user.</summary>
    public static IReadOnlyList<string> CommandPrefix { get; } =
        Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={NobodyId}", $"--regid={NobodyId}", "--clear-groups", "--"] : [];

    /// <summary>Settings that the program needs as that user, who cannot read the packages' static files for the pages.</summary>
    public static IReadOnlyDictionary<string, string?> EnvironmentVariables { get; } = new Dictionary<string, string?> { ["ASPNETCORE_STATICWEBASSETS"] = "none" };

    /// <summary>Why no command can run as that user; null when one can.</summary>
    public static string? SkipReason { get; } = CommandPrefix.Count == 0 ? null : FindSkipReason();

    /// <summary>Makes that user the owner of a folder with everything in it.</summary>
    public static void GiveOwnership(string folder)
    {
        if (CommandPrefix.Count > 0)
        {
            Assert.Equal("", Run("chown", "-R", $"{NobodyId}:{NobodyId}", folder));
        }
    }

    private static string? FindSkipReason() =>
        Run(CommandPrefix[0], [.. CommandPrefix.Skip(1), "test", "-r", Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll")]) is { Length: > 0 } why
            ? $"Permissions do not bind root, and the built program cannot be run as another user: {why}"
            : null;

    private static string Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? "" : errors.Length > 0 ? errors : $"{arguments[^1]} is not readable for that user";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{command} (package util-linux) is missing";
        }
    }
}

/// <summary>A test of what file permissions forbid; skipped with the reason where no user is available to whom they apply.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnprivilegedUserFactAttribute : FactAttribute
{
    public UnprivilegedUserFactAttribute() => Skip = UnprivilegedUser.SkipReason;
}
