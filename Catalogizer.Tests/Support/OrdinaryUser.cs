using System.Diagnostics;

namespace Catalogizer.Tests.Support;

/// <summary>A user whom file permissions bind, to run processes as. Root, which continuous integration often is, passes over them.</summary>
internal static class OrdinaryUser
{
    private const string Nobody = "65534";

    /// <summary>What to put before a command: nothing where the tests run as such a user already.</summary>
    public static IReadOnlyList<string> Wrapper { get; } =
        Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", "--"] : [];

    /// <summary>Settings that the program needs as that user, who cannot read where packages keep what the pages are drawn with.</summary>
    public static IReadOnlyDictionary<string, string?> Variables { get; } = new Dictionary<string, string?> { ["ASPNETCORE_STATICWEBASSETS"] = "none" };

    /// <summary>Why no command can be run as that user; null when one can.</summary>
    public static string? WhyNot { get; } = Wrapper.Count == 0 ? null : Try();

    /// <summary>Makes that user the owner of a folder with everything in it.</summary>
    public static void Give(string folder)
    {
        if (Wrapper.Count > 0)
        {
            Assert.Equal("", Run("chown", "-R", $"{Nobody}:{Nobody}", folder));
        }
    }

    private static string? Try() =>
        Run(Wrapper[0], [.. Wrapper.Skip(1), "test", "-r", Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll")]) is { Length: > 0 } why
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

/// <summary>A test of what file permissions forbid, left out with the reason where nobody can be found whom they bind.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OrdinaryUserFactAttribute : FactAttribute
{
    public OrdinaryUserFactAttribute() => Skip = OrdinaryUser.WhyNot;
}
