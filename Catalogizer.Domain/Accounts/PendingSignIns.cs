using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Sign-ins of administrators that could not be saved because the disk is full: an administrator must be able to sign in to free space.
/// They are valid while the process runs, and are saved once there is space.
/// </summary>
internal sealed class PendingSignIns(IDbContextFactory<CatalogDbContext> contexts, AccountLock accountLock, TimeProvider time, ILogger<PendingSignIns> logger) : IDisposable
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<object> _rows = [];
    private readonly HashSet<(long UserId, string Code)> _usedCodes = [];
    private bool _isRetrying;

    /// <summary>Whether a sign-in that could not be saved is valid nevertheless.</summary>
    public static bool CanDefer(Exception exception, Role role) => role == Role.Admin && StorageErrors.IsDiskFailure(exception);

    /// <param name="row">An audit entry, a session or a refresh token.</param>
    public void Add(object row)
    {
        lock (_lock)
        {
            _rows.Add(row);
            if (_isRetrying)
            {
                return;
            }

            _isRetrying = true;
        }

        logger.LogWarning("An administrator signed in while the disk is full. The audit entry is saved once there is space.");
        _ = SaveWhenPossibleAsync();
    }

    /// <summary>Marks a two-factor code as used.</summary>
    public void MarkCodeUsed(long userId, string code)
    {
        lock (_lock)
        {
            _usedCodes.Add((userId, code));
        }
    }

    public bool IsCodeUsed(long userId, string code)
    {
        lock (_lock)
        {
            return _usedCodes.Contains((userId, code));
        }
    }

    public IReadOnlyList<string> GetSessions(long userId)
    {
        lock (_lock)
        {
            return [.. _rows.OfType<IdentityUserToken<long>>().Where(session => session.UserId == userId).Select(session => session.Name)];
        }
    }

    /// <summary>Removes ended sessions of an account with their refresh tokens.</summary>
    /// <returns>Whether there were any.</returns>
    public bool RemoveSessions(long userId, Func<string, bool> predicate)
    {
        lock (_lock)
        {
            return _rows.RemoveAll(row => row is IdentityUserToken<long> open && open.UserId == userId && predicate(open.Name)
                || row is RefreshToken token && token.UserId == userId && predicate(token.Family)) > 0;
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task SaveWhenPossibleAsync()
    {
        var stopping = _stopping.Token;
        try
        {
            do
            {
                await Task.Delay(RetryInterval, time, stopping);
            }
            while (!await TrySaveAsync(stopping));
        }
        catch (OperationCanceledException)
        {
            // The process stops: these users have to sign in again.
        }
    }

    private async Task<bool> TrySaveAsync(CancellationToken cancellation)
    {
        // A session that ends meanwhile must not be saved after it was looked for in the catalogue: it would be valid again.
        using var lease = await accountLock.AcquireAsync(cancellation);
        object[] rows;
        lock (_lock)
        {
            rows = [.. _rows];
        }

        await using var db = await contexts.CreateDbContextAsync(cancellation);
        try
        {
            db.AddRange(rows);
            await db.SaveChangesAsync(cancellation);
        }
        catch (Exception exception) when (StorageErrors.IsDiskFailure(exception))
        {
            return false;
        }
        catch (DbUpdateException exception)
        {
            logger.LogError(exception, "Sign-ins made while the disk was full could not be saved and have ended.");
        }

        lock (_lock)
        {
            _rows.RemoveAll(rows.Contains);
            return !(_isRetrying = _rows.Count > 0);
        }
    }
}
