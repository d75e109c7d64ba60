using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts.Tokens;

/// <summary>
/// Issues refresh tokens, each valid for one use. The tokens of a session are a family. A spent token that is used again may have been
/// stolen: the whole family ends, including its access tokens, and the owner must sign in again.
/// </summary>
internal sealed class RefreshTokens(
    IDbContextFactory<CatalogDbContext> contexts, AccountLock accountLock, AccountReader accounts, PendingSignIns pendingSignIns, AuditLog audit, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Issues the first token of a session.</summary>
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
        catch (Exception exception) when (PendingSignIns.CanDefer(exception, account.Role))
        {
            pendingSignIns.Add(row);
        }

        return token;
    }

    /// <summary>Spends a token and returns the next one of its family.</summary>
    public async Task<Result<(Account Account, string Session, string Token)>> RotateAsync(string token, string? address, CancellationToken cancellation)
    {
        using var lease = await accountLock.AcquireAsync(cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var hash = ComputeHash(token);
        var stored = await db.RefreshTokens.SingleOrDefaultAsync(t => t.Hash == hash, cancellation);
        if (stored?.SpentAt is not null)
        {
            await RevokeFamilyAsync(db, stored, address, cancellation);
            return new RefreshTokenInvalid();
        }

        var now = time.GetUtcNow();
        if (stored is null || !IsValid(stored, now) || await accounts.FindAsync(stored.UserId, cancellation) is not { } account
            || await FindSessionAsync(db, stored, cancellation) is not { } session || !Sessions.IsValid(session, now))
        {
            return new RefreshTokenInvalid();
        }

        stored.SpentAt = now;
        Sessions.Renew(session, now);
        var (next, _) = Add(db, stored.UserId, stored.Family);
        db.AuditLogs.Add(audit.CreateEntry(account.ToActor(address), "accounts.refresh"));
        await db.SaveChangesAsync(cancellation);
        return (account, stored.Family, next);
    }

    /// <summary>Whether a token has not expired, and was not created by a clock far ahead, which would make it valid for too long.</summary>
    private static bool IsValid(RefreshToken token, DateTimeOffset now) => token.ExpiresAt > now && token.CreatedAt <= now + Sessions.MaxClockSkew;

    private async Task RevokeFamilyAsync(CatalogDbContext db, RefreshToken reused, string? address, CancellationToken cancellation)
    {
        var owner = await db.Users.AsNoTracking().SingleAsync(u => u.Id == reused.UserId, cancellation);
        if (await FindSessionAsync(db, reused, cancellation) is { } session)
        {
            await Sessions.EndAsync(db, session, cancellation);
        }

        db.AuditLogs.Add(audit.CreateEntry(new Actor(owner.Id, owner.UserName!, [], address), "accounts.refreshReused"));
        await db.SaveChangesAsync(cancellation);
        accounts.Invalidate(owner.Id);
    }

    private static Task<IdentityUserToken<long>?> FindSessionAsync(CatalogDbContext db, RefreshToken token, CancellationToken cancellation) =>
        Sessions.For(db, token.UserId).SingleOrDefaultAsync(s => s.Name == token.Family, cancellation);

    private (string Token, RefreshToken Row) Add(CatalogDbContext db, long userId, string family)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = time.GetUtcNow();
        var row = new RefreshToken { UserId = userId, Hash = ComputeHash(token), Family = family, CreatedAt = now, ExpiresAt = now + Lifetime };
        db.RefreshTokens.Add(row);
        return (token, row);
    }

    private static string ComputeHash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
