using System.Globalization;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Wrong guesses at an account, by the network or known device that they come from. The fifth in a row locks the account for that one
/// alone: a lock for everybody would let anybody shut the owner out. Kept in the database, so that a restart forgets none.
/// </summary>
internal sealed class Failures(AuditLog audit, TimeProvider time)
{
    /// <summary>What the rows of <c>user_tokens</c> that are failures are filed under; their name is where they come from.</summary>
    public const string Provider = "failures";

    public const int BeforeLock = 5;
    public static readonly TimeSpan LockTime = TimeSpan.FromMinutes(5);

    private const int MostPlaces = 1000;
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);

    /// <summary>How long a lock still holds; null when it does not. One that ends later than a new one would was set by a clock that ran ahead.</summary>
    public static TimeSpan? Left(DateTimeOffset? until, DateTimeOffset now) =>
        until - now is { } wait && wait > TimeSpan.Zero && wait <= LockTime ? wait : null;

    /// <summary>Whether guesses from there failed lately, and how long they are locked out.</summary>
    public async Task<(bool Any, TimeSpan? LockedFor)> FindAsync(CatalogDbContext db, long userId, string place, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return await db.UserTokens.AsNoTracking().SingleOrDefaultAsync(t => t.UserId == userId && t.LoginProvider == Provider && t.Name == place, cancellation) is { } row
            ? (IsFresh(row, now), Left(Until(row), now))
            : default;
    }

    /// <summary>Until when each account is locked for one place at least.</summary>
    public async Task<IReadOnlyDictionary<long, DateTimeOffset>> LocksAsync(CatalogDbContext db, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await db.UserTokens.AsNoTracking().Where(t => t.LoginProvider == Provider).ToListAsync(cancellation);
        return rows.Where(row => Left(Until(row), now) is not null).GroupBy(row => row.UserId).ToDictionary(of => of.Key, of => of.Max(row => Until(row)!.Value));
    }

    /// <summary>Counts a wrong guess. The caller holds the turn and saves.</summary>
    public async Task CountAsync(CatalogDbContext db, User user, string place, Actor actor, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await Of(db, user.Id).ToListAsync(cancellation);
        var row = rows.Find(r => r.Name == place);
        var failures = (row is not null && IsFresh(row, now) ? Count(row) : 0) + 1;
        db.AuditLogs.Add(audit.Entry(actor, "accounts.signInFailed", UserService.Target(user)));
        DateTimeOffset? until = null;
        if (failures >= BeforeLock)
        {
            (failures, until) = (0, now + LockTime);
            db.AuditLogs.Add(audit.Entry(actor, "accounts.lock", UserService.Target(user), null, new { until, place }));
        }

        if (row is null)
        {
            row = new IdentityUserToken<long> { UserId = user.Id, LoginProvider = Provider, Name = place };
            db.UserTokens.Add(row);
        }

        row.Value = string.Create(CultureInfo.InvariantCulture, $"{failures} {now.ToUnixTimeMilliseconds()} {until?.ToUnixTimeMilliseconds()}");
        db.UserTokens.RemoveRange(rows.Where(r => r != row).OrderByDescending(At).Where((r, index) => index >= MostPlaces || !IsFresh(r, now)));
    }

    /// <summary>Forgets what failed from one place, or from everywhere. The caller saves.</summary>
    public static async Task ForgetAsync(CatalogDbContext db, long userId, string? place, CancellationToken cancellation) =>
        db.UserTokens.RemoveRange(await Of(db, userId).Where(t => place == null || t.Name == place).ToListAsync(cancellation));

    private static IQueryable<IdentityUserToken<long>> Of(CatalogDbContext db, long userId) =>
        db.UserTokens.Where(t => t.UserId == userId && t.LoginProvider == Provider);

    private static bool IsFresh(IdentityUserToken<long> row, DateTimeOffset now) => (now - At(row)).Duration() < Remembered;

    private static int Count(IdentityUserToken<long> row) => int.Parse(row.Value!.Split(' ')[0], CultureInfo.InvariantCulture);

    private static DateTimeOffset At(IdentityUserToken<long> row) => DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(row.Value!.Split(' ')[1], CultureInfo.InvariantCulture));

    private static DateTimeOffset? Until(IdentityUserToken<long> row) =>
        row.Value!.Split(' ')[2] is { Length: > 0 } until ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(until, CultureInfo.InvariantCulture)) : null;
}
