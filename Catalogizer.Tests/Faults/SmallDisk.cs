using System.Diagnostics;

namespace Catalogizer.Tests.Faults;

/// <summary>A disk of a few megabytes in memory at a folder, whose free space is whatever a ballast file leaves.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    public SmallDisk(string folder, int megabytes)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        Assert.Equal("", Run("mount", "-t", "tmpfs", "-o", FormattableString.Invariant($"size={megabytes}m"), "catalogizer-test", folder));
    }

    /// <summary>Why no disk can be mounted here; null when it can.</summary>
    public static string? WhyNot { get; } = Try();

    private string Ballast => Path.Combine(_folder, "ballast");

    public long Free => new DriveInfo(_folder).AvailableFreeSpace;

    /// <summary>Fills the disk but for so many bytes, or until others have filled it.</summary>
    public void Leave(long bytes)
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var more = new byte[4096];
        try
        {
            while (Free >= bytes + more.Length)
            {
                ballast.Write(more);
            }
        }
        catch (IOException) when (Free < more.Length)
        {
            return;
        }
    }

    public void TakeBallastAway() => File.Delete(Ballast);

    public void Dispose() => Run("umount", "--lazy", _folder);

    private static string? Try()
    {
        var folder = Directory.CreateTempSubdirectory("catalogizer-test-").FullName;
        try
        {
            if (Run("mount", "-t", "tmpfs", "catalogizer-test", folder) is { Length: > 0 } why)
            {
                return $"This needs a small disk, and mounting one takes root's rights: {why}";
            }

            Run("umount", folder);
            return null;
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    private static string Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : said.Trim();
    }
}

/// <summary>A test that mounts a small disk, left out with the reason where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.WhyNot;
}

/// <summary>A program started in a mount namespace of its own, which is gone with it; needs no rights where user namespaces are allowed.</summary>
internal static class OwnMounts
{
    public static string? WhyNot { get; } = Try();

    /// <summary>What to put before a command, so that the lines of shell run first. The home folder is in $CATALOGIZER_HOME.</summary>
    public static string[] Wrapper(string shell) => ["unshare", "--map-root-user", "--mount", "sh", "-c", $"{shell}; exec \"$@\"", "sh"];

    private static string? Try()
    {
        using var process = Process.Start(new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"This needs a mount namespace of its own: {said.Trim()}";
    }
}

/// <summary>A test that needs a mount namespace, left out with the reason where there is none to be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OwnMountsFactAttribute : FactAttribute
{
    public OwnMountsFactAttribute() => Skip = OwnMounts.WhyNot;
}
