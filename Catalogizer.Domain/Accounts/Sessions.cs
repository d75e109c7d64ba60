using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Signed-in browsers. Each has a row, so that signing out ends the cookie itself, in every tab and for whoever copied it.
/// </summary>
internal sealed class Sessions(IDbContextFactory<CatalogDbContext> contexts, AccountGate gate, AccountReader accounts, TimeProvider time)
{
    /// <summary>What the rows of <c>user_tokens</c> that are sessions are filed under; their value is when they were last renewed.</summary>
    public const string Provider = "session";

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(14);

    /// <summary>How far ahead the clock may have been when a session or token was made that is still taken for one of now.</summary>
    internal static readonly TimeSpan ClockSlack = TimeSpan.FromDays(1);

    private const int MostPerUser = 50;

    /// <param name="place">The address and the browser, as its owner sees them in the list.</param>
    public async Task<string> OpenAsync(long userId, SignInPlace place, CancellationToken cancellation)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        using var turn = await gate.EnterAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var open = await Of(db, userId).ToListAsync(cancellation);
        db.UserTokens.RemoveRange(open.OrderByDescending(RenewedAt).Where((session, place) => place >= MostPerUser - 1 || !Stands(session, time.GetUtcNow())));
        db.UserTokens.Add(new IdentityUserToken<long> { UserId = userId, LoginProvider = Provider, Name = id, Value = string.Join('\n', Now(), Now(), place.Address, place.Browser) });
        await db.SaveChangesAsync(cancellation);
        accounts.Forget(userId);
        return id;
    }

    public async Task RenewAsync(long userId, string id, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await Of(db, userId).SingleOrDefaultAsync(t => t.Name == id, cancellation) is { } session)
        {
            session.Value = string.Join('\n', [Now(), .. session.Value!.Split('\n').Skip(1)]);
            await db.SaveChangesAsync(cancellation);
        }
    }

    public async Task EndAsync(long userId, string id, CancellationToken cancellation)
    {
        using var turn = await gate.EnterAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        db.UserTokens.RemoveRange(await Of(db, userId).Where(t => t.Name == id).ToListAsync(cancellation));
        await db.SaveChangesAsync(cancellation);
        accounts.Forget(userId);
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
    internal static bool Stands(IdentityUserToken<long> session, DateTimeOffset now) => now - RenewedAt(session) is var age && age <= Lifetime && age >= -ClockSlack;

    private string Now() => time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset RenewedAt(IdentityUserToken<long> session) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(session.Value!.Split('\n')[0], CultureInfo.InvariantCulture));

    private static SessionView View(IdentityUserToken<long> session)
    {
        var parts = session.Value!.Split('\n');
        var opened = parts.Length > 1 ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(parts[1], CultureInfo.InvariantCulture)) : RenewedAt(session);
        return new SessionView(session.Name, opened, RenewedAt(session), parts.ElementAtOrDefault(2) ?? "", parts.ElementAtOrDefault(3) ?? "");
    }
}

/// <summary>Where somebody signs in.</summary>
public sealed record SignInPlace(string? Address, string? Browser)
{
    private const int Longest = 300;

    public string? Browser { get; } = Browser is null ? null : new string([.. Browser.Where(sign => !char.IsControl(sign)).Take(Longest)]);
}

/// <summary>A signed-in browser, as its owner sees it.</summary>
public sealed record SessionView(string Id, DateTimeOffset OpenedAt, DateTimeOffset RenewedAt, string Address, string Browser);
