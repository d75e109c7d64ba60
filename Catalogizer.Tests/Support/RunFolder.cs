using System.Globalization;

namespace Catalogizer.Tests.Support;

/// <summary>
/// Where what is made once a run is kept. A runner does not wait long for its process to tidy up, so that each run also removes what
/// processes that are no more have left.
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
            // It is not there, another run removes it at this moment, or it is another user's.
        }
    }
}
