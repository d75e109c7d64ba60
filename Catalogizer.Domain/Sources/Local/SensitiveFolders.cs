namespace Catalogizer.Domain.Sources.Local;

/// <summary>Folders that may be sources, but that users rarely mean to show to everyone who may view the library.</summary>
internal static class SensitiveFolders
{
    private const string SettingsFolder = "/etc";
    private const string HomesFolder = "/home";
    private const int FirstUserId = 1000;
    private const int NobodyUserId = 65534;

    /// <summary>Returns a warning for this server's settings and for whole home folders, following links; null for other folders.</summary>
    public static string? GetWarning(string path, string accounts = "/etc/passwd")
    {
        var above = NativeFiles.GetSelfAndAncestors(path);
        if (above is not [var folder, ..])
        {
            return null;
        }

        if (NativeFiles.FindId(SettingsFolder) is { } settings && (above.Contains(settings) || NativeFiles.GetSelfAndAncestors(SettingsFolder).Contains(folder)))
        {
            return $"{path} holds settings of this server, with passwords among them. Everyone who may view the library can download them; choose the folder of the media instead.";
        }

        var isHome = above.Count > 1 && NativeFiles.FindId(HomesFolder) is { } homes && (folder == homes || above[1] == homes);
        return isHome || ReadHomeFolders(accounts).Any(home => NativeFiles.GetSelfAndAncestors(home).Contains(folder))
            ? $"{path} holds a whole home folder, with keys, mail and passwords in it. Everyone who may view the library can download them; choose the folder of the media instead."
            : null;
    }

    /// <summary>Home folders of user accounts and root. Fields of a line: name, password, number, group, remark, home, shell.</summary>
    private static IEnumerable<string> ReadHomeFolders(string accounts) => !File.Exists(accounts) ? [] : File.ReadLines(accounts)
        .Select(line => line.Split(':'))
        .Where(fields => fields.Length > 5 && int.TryParse(fields[2], out var number) && number is 0 or (>= FirstUserId and < NobodyUserId) && fields[5].Length > 1)
        .Select(fields => fields[5]);
}
