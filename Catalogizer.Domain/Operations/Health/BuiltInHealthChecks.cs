using System.Globalization;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Domain.Sources.Smb.Samba;
using Catalogizer.Domain.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Operations.Health;

/// <summary>The health checks of the domain itself.</summary>
internal static class BuiltInHealthChecks
{
    public static IServiceCollection AddBuiltInHealthChecks(this IServiceCollection services) => services
        .AddHealthCheck<IDbContextFactory<CatalogDbContext>>(
            "database", "Database", "Look whether the disk of the data folder is full or gone, then restart the program. If it stays, restore a backup.", CheckDatabaseAsync, isCritical: true)
        .AddHealthCheck<IntegrityCheck>(
            "integrity", "Integrity", "Stop the program and run “catalogizer doctor --repair”, which builds anew what can be told from the rest. Restore a backup if that does not help.", CheckIntegrityAsync)
        .AddHealthCheck<WriterQueue>(
            "writer", "Writing", "Something writes for very long: see which jobs run. If none does, restart the program; nothing that was acknowledged is lost.", CheckWriterAsync)
        .AddHealthCheck<DiskSpaceCheck>(
            "disk", "Disk", "Free some space on the disk of the data folder, or move the folder to a larger one.", (disk, _) => Task.FromResult(disk.Check()), isLive: true)
        .AddHealthCheck<SourcesHealthCheck>(
            "sources", "Sources", "See the sources: each says why it does not answer and when it is asked again. Everything found on it stays browsable.",
            (sources, cancellation) => sources.CheckAsync(cancellation), isReportedElsewhere: true, isLive: true)
        .AddHealthCheck<IDbContextFactory<CatalogDbContext>>(
            "tools", "Tools", "Install what is missing (on Debian: ffmpeg, libsmbclient); the container brings both.", CheckToolsAsync)
        .AddSingleton<DiskSpaceCheck>();

    private static async Task<CheckResult> CheckDatabaseAsync(IDbContextFactory<CatalogDbContext> contexts, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await db.Settings.AnyAsync(cancellation);
        return new CheckResult(true, "The catalogue answers.");
    }

    private static async Task<CheckResult> CheckIntegrityAsync(IntegrityCheck integrity, CancellationToken cancellation)
    {
        var report = await integrity.ReadLastAsync(cancellation);
        return new CheckResult(report is null or { Problems.Count: 0 }, IntegrityCheck.Describe(report));
    }

    private static async Task<CheckResult> CheckWriterAsync(WriterQueue writer, CancellationToken cancellation)
    {
        using var lease = await writer.AcquireAsync(cancellation);
        return new CheckResult(true, writer.WaitingCount == 0 ? "Nobody waits for a turn to write." : string.Create(CultureInfo.InvariantCulture, $"Writes get their turn; {writer.WaitingCount} wait."));
    }

    /// <summary>Only worker processes load Samba's library, so this only searches for its file; it is required only when there is a share.</summary>
    private static async Task<CheckResult> CheckToolsAsync(IDbContextFactory<CatalogDbContext> contexts, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var missing = new List<string>();
        if (!ExternalTools.IsProgramInstalled("ffprobe"))
        {
            missing.Add("ffprobe, which reads what is in media files");
        }

        if (await db.Sources.AnyAsync(s => s.Smb != null, cancellation) && !ExternalTools.IsLibraryInstalled(SambaLibrary.FileName))
        {
            missing.Add("libsmbclient, which reads network shares");
        }

        return missing.Count == 0 ? new CheckResult(true, "Everything that is needed is installed.") : new CheckResult(false, $"Not installed: {string.Join("; ", missing)}.");
    }
}

/// <summary>Installed programs and libraries of the system.</summary>
internal static class ExternalTools
{
    private static readonly string[] LibraryFolders = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib"];

    public static bool IsProgramInstalled(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, name)));

    /// <summary>Whether the file is in a library folder or in one of its platform subfolders.</summary>
    public static bool IsLibraryInstalled(string file) => LibraryFolders.Where(Directory.Exists).Any(folder =>
        File.Exists(Path.Combine(folder, file)) || Directory.EnumerateDirectories(folder, "*-linux-*").Any(platform => File.Exists(Path.Combine(platform, file))));
}

/// <summary>Free space on the disk of the data folder.</summary>
internal sealed class DiskSpaceCheck(DataDirectory data, IOptions<HealthOptions> options)
{
    private const double Mebibyte = 1024 * 1024;

    public CheckResult Check()
    {
        var free = new DriveInfo(data.Path).AvailableFreeSpace / Mebibyte;
        var message = free >= 10 * 1024
            ? string.Create(CultureInfo.InvariantCulture, $"{free / 1024:N0} GiB are free for the catalogue.")
            : string.Create(CultureInfo.InvariantCulture, $"{free:N0} MiB are free for the catalogue.");
        return new CheckResult(free >= options.Value.LeastFreeSpace, message);
    }
}
