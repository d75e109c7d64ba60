using System.Collections.Concurrent;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Checks whether the account of a cookie or token is still valid. Every request needs this, so results are cached for 30 seconds
/// and dropped as soon as this process changes the account.
/// </summary>
internal sealed class AccountReader(IDbContextFactory<CatalogDbContext> contexts, PendingSignIns pendingSignIns, TimeProvider time)
{
    private static readonly TimeSpan CacheLifetime = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<long, AccountState> _cache = [];
    private long _changes;

    /// <summary>Raised with the account id after each change of an account or its sessions.</summary>
    public event Action<long>? Changed;

    /// <summary>
    /// Returns the account, or null if it was removed or disabled. A lock after failed sign-ins blocks new sign-ins only: otherwise
    /// anyone could lock a user out by guessing.
    /// </summary>
    public async ValueTask<Account?> FindAsync(long id, CancellationToken cancellation)
    {
        var state = await ReadAsync(id, cancellation);
        return state is { IsDisabled: false } ? state.Account : null;
    }

    /// <summary>Returns the account if the stamp of a cookie or token and, unless null, its session are still valid; otherwise null.</summary>
    public async ValueTask<Account?> FindAsync(long id, string? stamp, string? session, CancellationToken cancellation)
    {
        var account = await FindAsync(id, cancellation);
        return account is not null && account.Stamp == stamp
            && (session is null || (await ReadAsync(id, cancellation))!.Sessions.Contains(session))
            ? account
            : null;
    }

    /// <summary>Call after each saved change of an account or its sessions.</summary>
    public void Invalidate(long id)
    {
        Interlocked.Increment(ref _changes);
        _cache.TryRemove(id, out _);
        Changed?.Invoke(id);
    }

    /// <summary>Call after each saved change that ended the sessions of an account.</summary>
    /// <param name="exceptSession">The session that stays; null for none.</param>
    public void InvalidateWithSessions(long id, string? exceptSession = null)
    {
        pendingSignIns.RemoveSessions(id, session => session != exceptSession);
        Invalidate(id);
    }

    private async ValueTask<AccountState?> ReadAsync(long id, CancellationToken cancellation)
    {
        if (_cache.TryGetValue(id, out var cached) && time.GetUtcNow() - cached.ReadAt is var age && age < CacheLifetime && age >= TimeSpan.Zero)
        {
            return cached;
        }

        var before = Interlocked.Read(ref _changes);
        var state = await ReadUncachedAsync(id, cancellation);
        if (state is not null && Interlocked.Read(ref _changes) == before)
        {
            _cache[id] = state;
        }

        return state;
    }

    private async Task<AccountState?> ReadUncachedAsync(long id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, cancellation);
        if (user is null)
        {
            return null;
        }

        var grants = await db.UserClaims.Where(c => c.UserId == id && c.ClaimType == AccountClaims.Permissions).Select(c => c.ClaimValue!).ToListAsync(cancellation);
        var now = time.GetUtcNow();
        var sessions = await Sessions.For(db, id).AsNoTracking().ToListAsync(cancellation);
        return new AccountState(Account.From(user, grants), user.Disabled, [.. sessions.Where(s => Sessions.IsValid(s, now)).Select(s => s.Name), .. pendingSignIns.GetSessions(id)], now);
    }

    private sealed record AccountState(Account Account, bool IsDisabled, HashSet<string> Sessions, DateTimeOffset ReadAt);
}
