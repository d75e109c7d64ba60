using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>What a session was opened by.</summary>
public enum SessionKind
{
    Browser,

    /// <summary>A script that signed in over the API; its refresh tokens are the session's.</summary>
    Api,
}

/// <summary>
/// Who is signed in, with a browser or over the API. Each has a row, so that signing out ends the cookie and the tokens themselves, in
/// every tab and for whoever copied them.
/// </summary>
internal sealed class Sessions(IDbContextFactory<CatalogDbContext> contexts, AccountGate gate, AccountReader accounts, UnwrittenSignIns unwritten, TimeProvider time)
{
    /// <summary>What the rows of <c>user_tokens</c> that are sessions are filed under; their value is when they were last renewed.</summary>
    public const string Provider = "session";

    /// <summary>How long a browser stays signed in when nobody uses it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    /// <summary>How long anything stays signed in however much it is used.</summary>
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(90);

    /// <summary>How far ahead the clock may have been when a session or token was made that is still taken for one of now.</summary>
    internal static readonly TimeSpan ClockSlack = TimeSpan.FromDays(1);

    /// <summary>Of either kind, so that a script which signs in again and again ends no browser.</summary>
    private const int MostPerUser = 50;

    /// <param name="place">The address and the browser, as its owner sees them in the list.</param>
    public async Task<string> OpenAsync(Account account, SignInPlace place, SessionKind kind, CancellationToken cancellation)
    {
        var userId = account.Id;
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        using var turn = await gate.EnterAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var open = await Of(db, userId).ToListAsync(cancellation);
        foreach (var old in open.Where(session => KindOf(session) == kind).OrderByDescending(RenewedAt).Where((session, place) => place >= MostPerUser - 1 || !Stands(session, time.GetUtcNow())))
        {
            await EndAsync(db, old, cancellation);
        }

        var session = new IdentityUserToken<long> { UserId = userId, LoginProvider = Provider, Name = id, Value = string.Join('\n', Now(), Now(), place.Address, place.Browser, kind) };
        db.UserTokens.Add(session);
        (await db.Users.SingleAsync(u => u.Id == userId, cancellation)).LastSignInAt = time.GetUtcNow();
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (Exception fault) when (UnwrittenSignIns.MayGoOn(fault, account.Role))
        {
            unwritten.Add(session);
        }

        accounts.Forget(userId);
        return id;
    }

    public async Task RenewAsync(long userId, string id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await Of(db, userId).SingleOrDefaultAsync(t => t.Name == id, cancellation) is { } session)
        {
            Renew(session, time.GetUtcNow());
            await db.SaveChangesAsync(cancellation);
        }
    }

    /// <param name="told">What the audit log says of it.</param>
    public async Task EndAsync(long userId, string id, AuditEntry told, CancellationToken cancellation)
    {
        using var turn = await gate.EnterAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await Of(db, userId).SingleOrDefaultAsync(t => t.Name == id, cancellation) is { } session)
        {
            await EndAsync(db, session, cancellation);
        }

        var isUnwritten = unwritten.End(userId, id.Equals);
        db.AuditLogs.Add(told);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (Exception fault) when (isUnwritten && StorageErrors.IsDiskFailure(fault))
        {
            unwritten.Add(told);
        }

        accounts.Forget(userId);
    }

    /// <summary>Ends a session with its refresh tokens. The caller saves, and tells <see cref="AccountReader"/>.</summary>
    internal static async Task EndAsync(CatalogDbContext db, IdentityUserToken<long> session, CancellationToken cancellation)
    {
        db.UserTokens.Remove(session);
        db.RefreshTokens.RemoveRange(await db.RefreshTokens.Where(t => t.UserId == session.UserId && t.Family == session.Name).ToListAsync(cancellation));
    }

    /// <summary>Ends all sessions of an account but one. The caller saves, and tells <see cref="AccountReader"/>.</summary>
    /// <param name="kept">The one that stays; null for none.</param>
    internal static async Task EndAllAsync(CatalogDbContext db, long userId, string? kept, CancellationToken cancellation)
    {
        db.UserTokens.RemoveRange(await Of(db, userId).Where(t => t.Name != kept).ToListAsync(cancellation));
        db.RefreshTokens.RemoveRange(await db.RefreshTokens.Where(t => t.UserId == userId).ToListAsync(cancellation));
    }

    /// <summary>The sessions that stand, the last used first.</summary>
    public async Task<IReadOnlyList<SessionView>> ListAsync(long userId, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = time.GetUtcNow();
        return [.. (await Of(db, userId).AsNoTracking().ToListAsync(cancellation)).Where(s => Stands(s, now)).OrderByDescending(RenewedAt).Select(View)];
    }

    internal static IQueryable<IdentityUserToken<long>> Of(CatalogDbContext db, long userId) =>
        db.UserTokens.Where(t => t.UserId == userId && t.LoginProvider == Provider);

    /// <summary>Whether a session is still good. One that was renewed by a clock far ahead would else be good for longer than any should.</summary>
    internal static bool Stands(IdentityUserToken<long> session, DateTimeOffset now) =>
        now - RenewedAt(session) is var age && age <= LifetimeOf(session) && age >= -ClockSlack
        && now - OpenedAt(session) <= LongestLifetime;

    private static TimeSpan LifetimeOf(IdentityUserToken<long> session) => KindOf(session) == SessionKind.Api ? RefreshTokens.Lifetime : Lifetime;

    internal static void Renew(IdentityUserToken<long> session, DateTimeOffset now) =>
        session.Value = string.Join('\n', [Stamp(now), .. session.Value!.Split('\n').Skip(1)]);

    private string Now() => Stamp(time.GetUtcNow());

    private static string Stamp(DateTimeOffset now) => now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Rows of before sign-ins over the API were sessions name no kind.</summary>
    private static SessionKind KindOf(IdentityUserToken<long> session) =>
        session.Value!.Split('\n') is [_, _, _, _, nameof(SessionKind.Api)] ? SessionKind.Api : SessionKind.Browser;

    private static DateTimeOffset OpenedAt(IdentityUserToken<long> session) =>
        session.Value!.Split('\n') is [_, var opened, ..] ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(opened, CultureInfo.InvariantCulture)) : RenewedAt(session);

    private static DateTimeOffset RenewedAt(IdentityUserToken<long> session) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(session.Value!.Split('\n')[0], CultureInfo.InvariantCulture));

    private static SessionView View(IdentityUserToken<long> session)
    {
        var parts = session.Value!.Split('\n');
        var (ends, last) = (RenewedAt(session) + LifetimeOf(session), OpenedAt(session) + LongestLifetime);
        return new SessionView(session.Name, KindOf(session), OpenedAt(session), RenewedAt(session), ends < last ? ends : last, parts.ElementAtOrDefault(2) ?? "", parts.ElementAtOrDefault(3) ?? "");
    }
}

/// <summary>Where somebody signs in.</summary>
/// <param name="Device">What the browser was given at its last sign-in; null when it was given nothing.</param>
public sealed record SignInPlace(string? Address, string? Browser, string? Device = null)
{
    private const int Longest = 300;

    public string? Browser { get; } = Browser is null ? null : new string([.. Browser.Where(sign => !char.IsControl(sign)).Take(Longest)]);
}

/// <summary>A signed-in browser or script, as its owner sees it.</summary>
/// <param name="ExpiresAt">When it ends unless it is renewed before.</param>
public sealed record SessionView(string Id, SessionKind Kind, DateTimeOffset OpenedAt, DateTimeOffset RenewedAt, DateTimeOffset ExpiresAt, string Address, string Browser);
