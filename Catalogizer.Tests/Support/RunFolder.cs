using System.Globalization;

namespace Catalogizer.Tests.Support;

/// <summary>
/// Holds what is created once per run. A test runner does not wait long for its process to clean up, so each run also removes what ended
/// processes have left.
/// </summary>
internal static class RunFolder
{
    private const string Prefix = "catalogizer-run-";

    private static readonly Lazy<string> Path = new(Create);

    public static string PathOf(string name) => System.IO.Path.Combine(Path.Value, name);

    private static string Create()
    {
        var temporary = System.IO.Path.GetTempPath();
        foreach (var leftover in Directory.GetDirectories(temporary, Prefix + "*").Where(leftover => !Directory.Exists("/proc/" + System.IO.Path.GetFileName(leftover)[Prefix.Length..])))
        {
            Remove(leftover);
        }

        var path = System.IO.Path.Combine(temporary, Prefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        Remove(path);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(path);
        return path;
    }

    private static void Remove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It does not exist, another run is removing it, or it belongs to another user.
        }
    }
}
