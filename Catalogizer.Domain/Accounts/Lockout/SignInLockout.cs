using System.Globalization;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts.Lockout;

/// <summary>
/// Failed sign-ins of an account, by the network or known device (client) that they come from. The fifth in a row locks the account for
/// that client only: a lock for everyone would let anyone lock the owner out. Stored in the database, so that failures survive a restart.
/// </summary>
internal sealed class SignInLockout(AuditLog audit, TimeProvider time)
{
    /// <summary>The login provider of the rows in <c>user_tokens</c> that count failures; their name is the client.</summary>
    public const string Provider = "failures";

    public const int MaxFailures = 5;
    public static readonly TimeSpan LockDuration = TimeSpan.FromMinutes(5);

    private const int MaxClients = 1000;
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromMinutes(10);

    /// <summary>The remaining time of a lock; null if it has ended. One that ends later than a new lock would was set by a clock that was ahead.</summary>
    public static TimeSpan? GetRemainingLock(DateTimeOffset? until, DateTimeOffset now) =>
        until - now is { } wait && wait > TimeSpan.Zero && wait <= LockDuration ? wait : null;

    /// <summary>Whether sign-ins from <paramref name="client"/> failed recently, and how long it is still locked out.</summary>
    public async Task<(bool Any, TimeSpan? LockedFor)> FindAsync(CatalogDbContext db, long userId, string client, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await db.UserTokens.AsNoTracking().SingleOrDefaultAsync(t => t.UserId == userId && t.LoginProvider == Provider && t.Name == client, cancellation) is { } row
            ? (IsRecent(row, now), GetRemainingLock(ParseLockedUntil(row), now))
            : default;
    }

    /// <summary>When the last lock of each locked account ends.</summary>
    public async Task<IReadOnlyDictionary<long, DateTimeOffset>> GetLocksAsync(CatalogDbContext db, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await db.UserTokens.AsNoTracking().Where(t => t.LoginProvider == Provider).ToListAsync(cancellation);
        return rows.Where(row => GetRemainingLock(ParseLockedUntil(row), now) is not null).GroupBy(row => row.UserId).ToDictionary(group => group.Key, group => group.Max(row => ParseLockedUntil(row)!.Value));
    }

    /// <summary>Counts a failed sign-in. The caller must hold the <see cref="AccountLock"/>, and saves.</summary>
    public async Task RecordFailureAsync(CatalogDbContext db, User user, string place, Actor actor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await For(db, user.Id).ToListAsync(cancellation);
        var row = rows.Find(r => r.Name == place);
        var failures = (row is not null && IsRecent(row, now) ? ParseCount(row) : 0) + 1;
        db.AuditLogs.Add(audit.CreateEntry(actor, "accounts.signInFailed", UserService.ToAuditTarget(user)));
        DateTimeOffset? until = null;
        if (failures >= MaxFailures)
        {
            (failures, until) = (0, now + LockDuration);
            db.AuditLogs.Add(audit.CreateEntry(actor, "accounts.lock", UserService.ToAuditTarget(user), null, new { until, place = place }));
        }

        if (row is null)
        {
            row = new IdentityUserToken<long> { UserId = user.Id, LoginProvider = Provider, Name = place };
            db.UserTokens.Add(row);
        }

        row.Value = string.Create(CultureInfo.InvariantCulture, $"{failures} {now.ToUnixTimeMilliseconds()} {until?.ToUnixTimeMilliseconds()}");
        db.UserTokens.RemoveRange(rows.Where(r => r != row).OrderByDescending(ParseLastFailure).Where((r, index) => index >= MaxClients || !IsRecent(r, now)));
    }

    /// <summary>Resets the failures from <paramref name="client"/>, or all failures if it is null. The caller saves.</summary>
    public static async Task ResetAsync(CatalogDbContext db, long userId, string? client, CancellationToken cancellation) =>
        db.UserTokens.RemoveRange(await For(db, userId).Where(t => client == null || t.Name == client).ToListAsync(cancellation));

    private static IQueryable<IdentityUserToken<long>> For(CatalogDbContext db, long userId) =>
        db.UserTokens.Where(t => t.UserId == userId && t.LoginProvider == Provider);

    private static bool IsRecent(IdentityUserToken<long> row, DateTimeOffset now) => (now - ParseLastFailure(row)).Duration() < FailureLifetime;

    private static int ParseCount(IdentityUserToken<long> row) => int.Parse(row.Value!.Split(' ')[0], CultureInfo.InvariantCulture);

    private static DateTimeOffset ParseLastFailure(IdentityUserToken<long> row) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(row.Value!.Split(' ')[1], CultureInfo.InvariantCulture));

    private static DateTimeOffset? ParseLockedUntil(IdentityUserToken<long> row) =>
        row.Value!.Split(' ')[2] is { Length: > 0 } until ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(until, CultureInfo.InvariantCulture)) : null;
}
