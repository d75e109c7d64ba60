using System.Diagnostics;

namespace Catalogizer.Tests.Faults;

/// <summary>A disk of a few megabytes in memory, mounted at a folder; a ballast file determines its free space.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    public SmallDisk(string folder, int megabytes)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        Assert.Equal("", Run("mount", "-t", "tmpfs", "-o", FormattableString.Invariant($"size={megabytes}m"), "catalogizer-test", folder));
    }

    /// <summary>Why no disk can be mounted on this machine; null when one can.</summary>
    public static string? SkipReason { get; } = FindSkipReason();

    private string BallastPath => Path.Combine(_folder, "ballast");

    public long FreeBytes => new DriveInfo(_folder).AvailableFreeSpace;

    /// <summary>Fills the disk except for <paramref name="bytes"/>, or until other writers have filled it.</summary>
    public void FillExcept(long bytes)
    {
        using var ballast = new FileStream(BallastPath, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (FreeBytes >= bytes + block.Length)
            {
                ballast.Write(block);
            }
        }
        catch (IOException) when (FreeBytes < block.Length)
        {
            return;
        }
    }

    public void RemoveBallast() => File.Delete(BallastPath);

    public void Dispose() => Run("umount", "--lazy", _folder);

    private static string? FindSkipReason()
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
        var errorOutput = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : errorOutput.Trim();
    }
}

/// <summary>A test that mounts a small disk; skipped with the reason where that is not allowed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.SkipReason;
}

/// <summary>Starts a program in its own mount namespace, which ends with the program; needs no privileges where user namespaces are allowed.</summary>
internal static class MountNamespace
{
    public static string? SkipReason { get; } = FindSkipReason();

    /// <summary>The prefix for a command that runs the lines of shell first. The home folder is in $CATALOGIZER_HOME.</summary>
    public static string[] CreateCommandPrefix(string shell) => ["unshare", "--map-root-user", "--mount", "sh", "-c", $"{shell}; exec \"$@\"", "sh"];

    private static string? FindSkipReason()
    {
        using var process = Process.Start(new ProcessStartInfo("unshare", ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]) { RedirectStandardError = true })!;
        var errorOutput = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"This needs a mount namespace of its own: {errorOutput.Trim()}";
    }
}

/// <summary>A test that needs a mount namespace; skipped with the reason where none is available.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountNamespaceFactAttribute : FactAttribute
{
    public MountNamespaceFactAttribute() => Skip = MountNamespace.SkipReason;
}
