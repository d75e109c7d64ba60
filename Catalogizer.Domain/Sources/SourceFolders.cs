using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>A folder of a source as stored in the catalogue.</summary>
/// <param name="IsOffline">Whether the source is unreachable, so that its files may have changed since.</param>
/// <param name="AsOf">When the shown contents were last known to be correct; null when the folder was never listed completely.</param>
public sealed record SourceFolder(string SourceName, SourceMode Mode, bool IsOffline, bool IsRetired, DateTimeOffset? AsOf, FolderWindow Window);

/// <summary>Browses the folders of sources in the catalogue, whether or not the sources answer.</summary>
public sealed class SourceFolders(IFolderReader reader, IDbContextFactory<CatalogDbContext> contexts, ScanService scans)
{
    private const int MaxEntries = 500;
    private const int MaxFindLength = 255;

    /// <param name="path">Separated by '/'; empty for the root.</param>
    /// <param name="find">Only entries whose name contains this text; null for all.</param>
    public async Task<Result<SourceFolder>> ReadAsync(Actor actor, long sourceId, string path, string? find, int start, int count, CancellationToken cancellation)
    {
        actor.Require(Permission.SourcesView);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await db.Sources.AsNoTracking().SingleOrDefaultAsync(s => s.Id == sourceId, cancellation) is not { } source)
        {
            return SourceErrors.SourceNotFound(sourceId);
        }

        find = string.IsNullOrWhiteSpace(find) || find.Length > MaxFindLength ? null : find.Trim();
        var window = await reader.ReadFolderAsync(sourceId, path, find, Math.Max(0, start), Math.Clamp(count, 0, MaxEntries), cancellation);
        if (window is null && path.Length > 0)
        {
            return SourceErrors.FolderNotFound(path);
        }

        window ??= new FolderWindow(null, null, 0, 0, []);
        return new SourceFolder(
            source.Name, source.Mode, source.Availability == SourceAvailability.Unreachable, source.Availability == SourceAvailability.Retired,
            await GetAsOfAsync(sourceId, window, cancellation), window.RedactFor(actor));
    }

    /// <summary>A folder that a later scan skipped as unchanged is up to date as of that scan.</summary>
    private async Task<DateTimeOffset?> GetAsOfAsync(long sourceId, FolderWindow window, CancellationToken cancellation)
    {
        if (window.ListedAt is not { } listed || window.Problem is not null)
        {
            return window.ListedAt;
        }

        var scanned = await scans.LastCompletedAsync(sourceId, cancellation);
        return scanned > listed ? scanned : listed;
    }
}
