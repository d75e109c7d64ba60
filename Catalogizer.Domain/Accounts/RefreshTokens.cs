using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Hands out refresh tokens, each good for one use. They are of a session, their family. Whoever brings a spent one may be a thief, or
/// the one robbed: the whole family ends, access tokens too, and the owner signs in again.
/// </summary>
internal sealed class RefreshTokens(
    IDbContextFactory<CatalogDbContext> contexts, AccountGate gate, AccountReader accounts, UnwrittenSignIns unwritten, AuditLog audit, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>The first token of a session.</summary>
    public async Task<string> IssueAsync(Account account, string session, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = time.GetUtcNow();
        db.RefreshTokens.RemoveRange(await db.RefreshTokens.Where(t => t.UserId == account.Id && t.ExpiresAt <= now).ToListAsync(cancellation));
        var (token, row) = Add(db, account.Id, session);
        try
        {
            await db.SaveChangesAsync(cancellation);
        }
        catch (Exception fault) when (UnwrittenSignIns.MayGoOn(fault, account.Role))
        {
            unwritten.Add(row);
        }

        return token;
    }

    /// <summary>Spends a token and gives the next of its family.</summary>
    public async Task<Result<(Account Account, string Session, string Token)>> RotateAsync(string token, string? address, CancellationToken cancellation)
    {
        using var turn = await gate.EnterAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var hash = HashOf(token);
        var held = await db.RefreshTokens.SingleOrDefaultAsync(t => t.Hash == hash, cancellation);
        if (held?.SpentAt is not null)
        {
            await EndFamilyAsync(db, held, address, cancellation);
            return new RefreshRefused();
        }

        var now = time.GetUtcNow();
        if (held is null || !Stands(held, now) || await accounts.FindAsync(held.UserId, cancellation) is not { } account
            || await SessionOfAsync(db, held, cancellation) is not { } session || !Sessions.Stands(session, now))
        {
            return new RefreshRefused();
        }

        held.SpentAt = now;
        Sessions.Renew(session, now);
        var (next, _) = Add(db, held.UserId, held.Family);
        db.AuditLogs.Add(audit.Entry(account.ToActor(address), "accounts.refresh"));
        await db.SaveChangesAsync(cancellation);
        return (account, held.Family, next);
    }

    /// <summary>Neither expired nor made by a clock far ahead, which would make it good for too long.</summary>
    private static bool Stands(RefreshToken token, DateTimeOffset now) => token.ExpiresAt > now && token.CreatedAt <= now + Sessions.ClockSlack;

    private async Task EndFamilyAsync(CatalogDbContext db, RefreshToken spent, string? address, CancellationToken cancellation)
    {
        var owner = await db.Users.AsNoTracking().SingleAsync(u => u.Id == spent.UserId, cancellation);
        if (await SessionOfAsync(db, spent, cancellation) is { } session)
        {
            await Sessions.EndAsync(db, session, cancellation);
        }

        db.AuditLogs.Add(audit.Entry(new Actor(owner.Id, owner.UserName!, [], address), "accounts.refreshReused"));
        await db.SaveChangesAsync(cancellation);
        accounts.Forget(owner.Id);
    }

    private static Task<IdentityUserToken<long>?> SessionOfAsync(CatalogDbContext db, RefreshToken token, CancellationToken cancellation) =>
        Sessions.Of(db, token.UserId).SingleOrDefaultAsync(s => s.Name == token.Family, cancellation);

    private (string Token, RefreshToken Row) Add(CatalogDbContext db, long userId, string family)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        var row = new RefreshToken { UserId = userId, Hash = HashOf(token), Family = family, CreatedAt = now, ExpiresAt = now + Lifetime };
        db.RefreshTokens.Add(row);
        return (token, row);
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
