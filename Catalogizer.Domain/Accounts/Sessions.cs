using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>What a session was opened with.</summary>
public enum SessionKind
{
    Browser,

    /// <summary>A script that signed in over the API. Its refresh tokens belong to the session.</summary>
    Api,
}

/// <summary>
/// The sessions of signed-in browsers and API clients. Each has a row, so that signing out invalidates the cookie and the tokens
/// themselves, in every tab and for anyone who copied them.
/// </summary>
internal sealed class Sessions(IDbContextFactory<CatalogDbContext> contexts, AccountLock accountLock, AccountReader accounts, PendingSignIns pendingSignIns, TimeProvider time)
{
    /// <summary>
    /// The login provider of the rows in <c>user_tokens</c> that are sessions. Their value has one line each for the last renewal and the
    /// sign-in (Unix milliseconds), the address, the browser and the kind.
    /// </summary>
    public const string Provider = "session";

    /// <summary>How long a browser stays signed in without being used.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    /// <summary>How long a session lasts at most, however much it is used.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(90);

    /// <summary>How far ahead the clock may have been when a session or token was created for it to be accepted now.</summary>
    internal static readonly TimeSpan MaxClockSkew = TimeSpan.FromDays(1);

    /// <summary>Per kind, so that a script that signs in repeatedly does not end browser sessions.</summary>
    private const int MaxPerUser = 50;

    /// <param name="origin">The address and the browser that the owner sees in the list of sessions.</param>
    public async Task<string> OpenAsync(Account account, SignInOrigin origin, SessionKind kind, CancellationToken cancellation)
    {
        var userId = account.Id;
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        using var lease = await accountLock.AcquireAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var open = await For(db, userId).ToListAsync(cancellation);
        foreach (var old in open.Where(session => GetKind(session) == kind).OrderByDescending(GetRenewedAt).Where((session, index) => index >= MaxPerUser - 1 || !IsValid(session, time.GetUtcNow())))
        {
            await EndAsync(db, old, cancellation);
        }

        var session = new IdentityUserToken<long> { UserId = userId, LoginProvider = Provider, Name = id, Value = string.Join('\n', GetTimestamp(), GetTimestamp(), origin.Address, origin.Browser, kind) };
        db.UserTokens.Add(session);
        (await db.Users.SingleAsync(u => u.Id == userId, cancellation)).LastSignInAt = time.GetUtcNow();
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (Exception exception) when (PendingSignIns.CanDefer(exception, account.Role))
        {
            pendingSignIns.Add(session);
        }

        accounts.Invalidate(userId);
        return id;
    }

    public async Task RenewAsync(long userId, string id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await For(db, userId).SingleOrDefaultAsync(t => t.Name == id, cancellation) is { } session)
        {
            Renew(session, time.GetUtcNow());
            await db.SaveChangesAsync(cancellation);
        }
    }

    /// <param name="auditEntry">The audit log entry to save with the change.</param>
    public async Task EndAsync(long userId, string id, AuditEntry auditEntry, CancellationToken cancellation)
    {
        using var lease = await accountLock.AcquireAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await For(db, userId).SingleOrDefaultAsync(t => t.Name == id, cancellation) is { } session)
        {
            await EndAsync(db, session, cancellation);
        }

        var wasPending = pendingSignIns.RemoveSessions(userId, id.Equals);
        db.AuditLogs.Add(auditEntry);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (Exception exception) when (wasPending && StorageErrors.IsDiskFailure(exception))
        {
            pendingSignIns.Add(auditEntry);
        }

        accounts.Invalidate(userId);
    }

    /// <summary>Ends a session with its refresh tokens. The caller saves, and invalidates the <see cref="AccountReader"/>.</summary>
    internal static async Task EndAsync(CatalogDbContext db, IdentityUserToken<long> session, CancellationToken cancellation)
    {
        db.UserTokens.Remove(session);
        db.RefreshTokens.RemoveRange(await db.RefreshTokens.Where(t => t.UserId == session.UserId && t.Family == session.Name).ToListAsync(cancellation));
    }

    /// <summary>Ends all sessions of an account except one. The caller saves, and invalidates the <see cref="AccountReader"/>.</summary>
    /// <param name="exceptSession">The session that stays; null for none.</param>
    internal static async Task EndAllAsync(CatalogDbContext db, long userId, string? exceptSession, CancellationToken cancellation)
    {
        db.UserTokens.RemoveRange(await For(db, userId).Where(t => t.Name != exceptSession).ToListAsync(cancellation));
        db.RefreshTokens.RemoveRange(await db.RefreshTokens.Where(t => t.UserId == userId).ToListAsync(cancellation));
    }

    /// <summary>Lists the valid sessions, the most recently renewed first.</summary>
    public async Task<IReadOnlyList<SessionView>> ListAsync(long userId, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = time.GetUtcNow();
        return [.. (await For(db, userId).AsNoTracking().ToListAsync(cancellation)).Where(s => IsValid(s, now)).OrderByDescending(GetRenewedAt).Select(ToView)];
    }

    internal static IQueryable<IdentityUserToken<long>> For(CatalogDbContext db, long userId) =>
        db.UserTokens.Where(t => t.UserId == userId && t.LoginProvider == Provider);

    /// <summary>Whether a session is still valid. One that was renewed by a clock far ahead is not: it would last longer than a session may.</summary>
    internal static bool IsValid(IdentityUserToken<long> session, DateTimeOffset now) =>
        now - GetRenewedAt(session) is var age && age <= GetLifetime(session) && age >= -MaxClockSkew
        && now - GetOpenedAt(session) <= MaxLifetime;

    private static TimeSpan GetLifetime(IdentityUserToken<long> session) => GetKind(session) == SessionKind.Api ? RefreshTokens.Lifetime : Lifetime;

    internal static void Renew(IdentityUserToken<long> session, DateTimeOffset now) =>
        session.Value = string.Join('\n', [FormatTimestamp(now), .. session.Value!.Split('\n').Skip(1)]);

    private string GetTimestamp() => FormatTimestamp(time.GetUtcNow());

    private static string FormatTimestamp(DateTimeOffset now) => now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>Rows from before API sign-ins became sessions have no kind; they are browser sessions.</summary>
    private static SessionKind GetKind(IdentityUserToken<long> session) =>
        session.Value!.Split('\n') is [_, _, _, _, nameof(SessionKind.Api)] ? SessionKind.Api : SessionKind.Browser;

    private static DateTimeOffset GetOpenedAt(IdentityUserToken<long> session) =>
        session.Value!.Split('\n') is [_, var opened, ..] ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(opened, CultureInfo.InvariantCulture)) : GetRenewedAt(session);

    private static DateTimeOffset GetRenewedAt(IdentityUserToken<long> session) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(session.Value!.Split('\n')[0], CultureInfo.InvariantCulture));

    private static SessionView ToView(IdentityUserToken<long> session)
    {
        var parts = session.Value!.Split('\n');
        var (ends, last) = (GetRenewedAt(session) + GetLifetime(session), GetOpenedAt(session) + MaxLifetime);
        return new SessionView(session.Name, GetKind(session), GetOpenedAt(session), GetRenewedAt(session), ends < last ? ends : last, parts.ElementAtOrDefault(2) ?? "", parts.ElementAtOrDefault(3) ?? "");
    }
}

/// <summary>Where a sign-in comes from.</summary>
/// <param name="Device">The device cookie that the browser got at its last sign-in; null if it has none.</param>
public sealed record SignInOrigin(string? Address, string? Browser, string? Device = null)
{
    private const int MaxBrowserLength = 300;

    public string? Browser { get; } = Browser is null ? null : new string([.. Browser.Where(character => !char.IsControl(character)).Take(MaxBrowserLength)]);
}

/// <summary>A signed-in browser or script, as shown to its owner.</summary>
/// <param name="ExpiresAt">When the session ends unless it is renewed before.</param>
public sealed record SessionView(string Id, SessionKind Kind, DateTimeOffset OpenedAt, DateTimeOffset RenewedAt, DateTimeOffset ExpiresAt, string Address, string Browser);
