using Catalogizer.Domain.Auditing;
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
internal sealed class UnwrittenSignIns(IDbContextFactory<CatalogDbContext> contexts, TimeProvider time, ILogger<UnwrittenSignIns> logger) : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<object> _rows = [];
    private readonly HashSet<(long UserId, string Code)> _spent = [];
    private bool _isTrying;

    /// <summary>Whether a sign-in that could not be saved is valid all the same.</summary>
    public static bool MayGoOn(Exception fault, Role role) => role == Role.Admin && StorageErrors.IsDiskFailure(fault);

    /// <param name="row">An audit entry, a session or a refresh token.</param>
    public void Add(object row)
    {
        lock (_lock)
        {
            _rows.Add(row);
            if (_isTrying)
            {
                return;
            }

            _isTrying = true;
        }

        logger.LogWarning("An administrator signed in while the disk is full. The audit entry is saved once there is space.");
        _ = WriteLaterAsync();
    }

    /// <summary>Marks a second-factor code as used.</summary>
    public void Spend(long userId, string code)
    {
        lock (_lock)
        {
            _spent.Add((userId, code));
        }
    }

    public bool IsSpent(long userId, string code)
    {
        lock (_lock)
        {
            return _spent.Contains((userId, code));
        }
    }

    public IReadOnlyList<string> SessionsOf(long userId)
    {
        lock (_lock)
        {
            return [.. _rows.OfType<IdentityUserToken<long>>().Where(session => session.UserId == userId).Select(session => session.Name)];
        }
    }

    /// <summary>Removes ended sessions of an account with their refresh tokens.</summary>
    /// <returns>Whether there were any.</returns>
    public bool End(long userId, Func<string, bool> session)
    {
        lock (_lock)
        {
            return _rows.RemoveAll(row => row is IdentityUserToken<long> open && open.UserId == userId && session(open.Name)
                || row is RefreshToken token && token.UserId == userId && session(token.Family)) > 0;
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task WriteLaterAsync()
    {
        var stopping = _stopping.Token;
        try
        {
            do
            {
                await Task.Delay(Pace, time, stopping);
            }
            while (!await TryWriteAsync(stopping));
        }
        catch (OperationCanceledException)
        {
            // The process stops: these users have to sign in again.
        }
    }

    private async Task<bool> TryWriteAsync(CancellationToken cancellation)
    {
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
        catch (Exception fault) when (StorageErrors.IsDiskFailure(fault))
        {
            return false;
        }
        catch (DbUpdateException fault)
        {
            logger.LogError(fault, "Sign-ins made while the disk was full could not be saved and have ended.");
        }

        lock (_lock)
        {
            _rows.RemoveAll(rows.Contains);
            return !(_isTrying = _rows.Count > 0);
        }
    }
}
