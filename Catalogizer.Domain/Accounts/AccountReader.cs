using System.Collections.Concurrent;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Says whether what a cookie or token claims is still so. Every request asks, so answers are kept for half a minute and
/// dropped at once when this process changes the account.
/// </summary>
internal sealed class AccountReader(IDbContextFactory<CatalogDbContext> contexts, UnwrittenSignIns unwritten, TimeProvider time)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<long, Standing> _read = [];
    private long _changes;

    /// <summary>Told after each change of an account or its sessions, with its id.</summary>
    public event Action<long>? Changed;

    /// <summary>
    /// The account, if what is signed in may stay so; null when it is gone or disabled. A lock after failed guesses bars new
    /// sign-ins only: otherwise anybody could shut a person out by guessing.
    /// </summary>
    public async ValueTask<Account?> FindAsync(long id, CancellationToken cancellation)
    {
        var standing = await ReadAsync(id, cancellation);
        return standing is { Disabled: false } ? standing.Account : null;
    }

    /// <summary>The account, if a cookie or token made under this stamp (and for a cookie: this session) still stands.</summary>
    public async ValueTask<Account?> FindAsync(long id, string? stamp, string? session, CancellationToken cancellation)
    {
        var account = await FindAsync(id, cancellation);
        return account is not null && account.Stamp == stamp
            && (session is null || (await ReadAsync(id, cancellation))!.Sessions.Contains(session))
            ? account
            : null;
    }

    /// <summary>To be called after each saved change of an account or its sessions.</summary>
    public void Forget(long id)
    {
        Interlocked.Increment(ref _changes);
        _read.TryRemove(id, out _);
        Changed?.Invoke(id);
    }

    /// <summary>To be called after each saved change that ended the sessions of an account.</summary>
    /// <param name="kept">The one that stays; null for none.</param>
    public void ForgetWithSessions(long id, string? kept = null)
    {
        unwritten.End(id, session => session != kept);
        Forget(id);
    }

    private async ValueTask<Standing?> ReadAsync(long id, CancellationToken cancellation)
    {
        if (_read.TryGetValue(id, out var known) && time.GetUtcNow() - known.ReadAt is var age && age < GoodFor && age >= TimeSpan.Zero)
        {
            return known;
        }

        var before = Interlocked.Read(ref _changes);
        var standing = await ReadNowAsync(id, cancellation);
        if (standing is not null && Interlocked.Read(ref _changes) == before)
        {
            _read[id] = standing;
        }

        return standing;
    }

    private async Task<Standing?> ReadNowAsync(long id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == id, cancellation);
        if (user is null)
        {
            return null;
        }

        var grants = await db.UserClaims.Where(c => c.UserId == id && c.ClaimType == AccountClaims.Permissions).Select(c => c.ClaimValue!).ToListAsync(cancellation);
        var now = time.GetUtcNow();
        var sessions = await Sessions.Of(db, id).AsNoTracking().ToListAsync(cancellation);
        return new Standing(Account.Of(user, grants), user.Disabled, [.. sessions.Where(s => Sessions.Stands(s, now)).Select(s => s.Name), .. unwritten.SessionsOf(id)], now);
    }

    private sealed record Standing(Account Account, bool Disabled, HashSet<string> Sessions, DateTimeOffset ReadAt);
}
