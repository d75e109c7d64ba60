using System.Globalization;
using System.Security.Cryptography;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>A new secret for an authenticator app. It takes effect once a first code is entered.</summary>
/// <param name="Secret">The secret in Base32, to be typed in.</param>
/// <param name="Uri">The otpauth URI, to be shown as a QR code.</param>
public sealed record TwoFactorSetup(string Secret, string Uri);

/// <summary>
/// Two-factor authentication: a code from an authenticator app, or one of ten recovery codes, each valid once. The secret is stored
/// encrypted, recovery codes only as hashes. A change requires a signed-in browser and the password, and ends all other sessions of the account.
/// </summary>
public sealed class TwoFactorService
{
    private const string Provider = "secondFactor";
    private const string RecoveryProvider = "recovery";
    private const string SecretName = "secret";
    private const string PendingSecretName = "offer";
    private const string StepName = "step";
    private const int RecoveryCodeCount = 10;

    /// <summary>120 bits (24 characters): enough that a plain hash of a code reveals nothing.</summary>
    private const int RecoveryCodeBytes = 15;

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly AccountLock _accountLock;
    private readonly AccountReader _accounts;
    private readonly CurrentPasswordCheck _currentPassword;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;
    private readonly IDataProtector _protector;

    internal TwoFactorService(
        IDbContextFactory<CatalogDbContext> contexts, AccountLock accountLock, AccountReader accounts, CurrentPasswordCheck currentPassword, AuditLog audit, IDataProtectionProvider protection, TimeProvider time) =>
        (_contexts, _accountLock, _accounts, _currentPassword, _audit, _time, _protector) = (contexts, accountLock, accounts, currentPassword, audit, time, protection.CreateProtector("Catalogizer.Accounts.SecondFactor"));

    /// <summary>Whether two-factor authentication is on, and how many recovery codes are left.</summary>
    public async Task<(bool On, int CodesLeft)> GetStateAsync(Actor actor, CancellationToken cancellation)
    {
        var id = actor.RequireOwnAccount();
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return (
            await db.Users.AnyAsync(u => u.Id == id && u.TwoFactorEnabled, cancellation),
            await db.UserTokens.CountAsync(t => t.UserId == id && t.LoginProvider == RecoveryProvider, cancellation));
    }

    /// <summary>Creates a new secret, to be shown once.</summary>
    public async Task<Result<TwoFactorSetup>> BeginSetupAsync(Actor actor, string? password, CancellationToken cancellation)
    {
        var id = actor.RequireOwnAccount();
        if (await _currentPassword.CheckAsync(actor, password, cancellation) is { } error)
        {
            return error;
        }

        using var lease = await _accountLock.AcquireAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var secret = TotpCode.GenerateSecret();
        await SetAsync(db, id, PendingSecretName, Convert.ToBase64String(_protector.Protect(secret)), cancellation);
        await db.SaveChangesAsync(cancellation);
        var encodedSecret = TotpCode.ToBase32(secret);
        return new TwoFactorSetup(encodedSecret, $"otpauth://totp/Catalogizer:{Uri.EscapeDataString(actor.Name)}?secret={encodedSecret}&issuer=Catalogizer");
    }

    /// <summary>Turns two-factor authentication on, with a code for the secret from <see cref="BeginSetupAsync"/>.</summary>
    /// <returns>The recovery codes, to be shown once.</returns>
    public async Task<Result<IReadOnlyList<string>>> EnableAsync(Actor actor, string? code, CancellationToken cancellation)
    {
        var id = actor.RequireOwnAccount();
        using var lease = await _accountLock.AcquireAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == id, cancellation);
        var pending = await FindAsync(db, user.Id, PendingSecretName, cancellation);
        if (user.TwoFactorEnabled || pending is null || Unprotect(pending) is not { } secret || TotpCode.FindStep(secret, NormalizeCode(code), 0, _time.GetUtcNow()) is not { } step)
        {
            return new InvalidError("code", "This code is not right. Look at the app again: codes change every thirty seconds.");
        }

        await SetAsync(db, user.Id, SecretName, pending.Value!, cancellation);
        await SetAsync(db, user.Id, StepName, step.ToString(CultureInfo.InvariantCulture), cancellation);
        db.UserTokens.Remove(pending);
        var codes = await ReplaceRecoveryCodesAsync(db, user.Id, cancellation);
        user.TwoFactorEnabled = true;
        await Sessions.EndAllAsync(db, user.Id, actor.Session, cancellation);
        db.AuditLogs.Add(_audit.CreateEntry(actor, "accounts.secondFactorOn", UserService.ToAuditTarget(user)));
        await db.SaveChangesAsync(cancellation);
        _accounts.InvalidateWithSessions(user.Id, actor.Session);
        return new Result<IReadOnlyList<string>>(codes);
    }

    /// <summary>Turns two-factor authentication off. Requires the password and a code.</summary>
    public Task<Error?> DisableAsync(Actor actor, string? password, string? code, CancellationToken cancellation) => ChangeWithCodeAsync(actor, password, code, "accounts.secondFactorOff", async (db, user) =>
    {
        user.TwoFactorEnabled = false;
        await ClearAsync(db, user.Id, cancellation);
        return null;
    }, cancellation);

    /// <summary>Creates new recovery codes; the old ones become invalid.</summary>
    public async Task<Result<IReadOnlyList<string>>> RegenerateRecoveryCodesAsync(Actor actor, string? password, string? code, CancellationToken cancellation)
    {
        IReadOnlyList<string> codes = [];
        return await ChangeWithCodeAsync(actor, password, code, "accounts.recoveryCodes", async (db, user) =>
        {
            codes = await ReplaceRecoveryCodesAsync(db, user.Id, cancellation);
            return null;
        }, cancellation) is { } error
            ? error
            : new Result<IReadOnlyList<string>>(codes);
    }

    /// <summary>Whether a code is correct; if so, it is used up. The caller must hold the <see cref="AccountLock"/>, and saves.</summary>
    internal async Task<bool> ConsumeAsync(CatalogDbContext db, long userId, string code, CancellationToken cancellation)
    {
        code = NormalizeCode(code);
        if (await FindAsync(db, userId, SecretName, cancellation) is { } stored && Unprotect(stored) is { } secret)
        {
            var last = await FindAsync(db, userId, StepName, cancellation);
            if (TotpCode.FindStep(secret, code, long.Parse(last?.Value ?? "0", CultureInfo.InvariantCulture), _time.GetUtcNow()) is { } step)
            {
                await SetAsync(db, userId, StepName, step.ToString(CultureInfo.InvariantCulture), cancellation);
                return true;
            }
        }

        var hash = RandomToken.ComputeHash(code);
        if (await db.UserTokens.SingleOrDefaultAsync(t => t.UserId == userId && t.LoginProvider == RecoveryProvider && t.Name == hash, cancellation) is not { } recovery)
        {
            return false;
        }

        db.UserTokens.Remove(recovery);
        return true;
    }

    /// <summary>Whether the changes to save use up a recovery code: it must not become valid again after a restart.</summary>
    internal static bool HasConsumedRecoveryCode(CatalogDbContext db) =>
        db.ChangeTracker.Entries<IdentityUserToken<long>>().Any(row => row is { State: EntityState.Deleted, Entity.LoginProvider: RecoveryProvider });

    /// <summary>Removes all two-factor data of a user, so that an admin can help a user who lost their app and codes. The caller saves.</summary>
    internal static async Task ClearAsync(CatalogDbContext db, long userId, CancellationToken cancellation) =>
        db.UserTokens.RemoveRange(await db.UserTokens.Where(t => t.UserId == userId && (t.LoginProvider == Provider || t.LoginProvider == RecoveryProvider)).ToListAsync(cancellation));

    private async Task<Error?> ChangeWithCodeAsync(
        Actor actor, string? password, string? code, string action, Func<CatalogDbContext, User, Task<Error?>> change, CancellationToken cancellation)
    {
        var id = actor.RequireOwnAccount();
        if (await _currentPassword.CheckAsync(actor, password, cancellation) is { } passwordError)
        {
            return passwordError;
        }

        using var lease = await _accountLock.AcquireAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == id, cancellation);

        if (!user.TwoFactorEnabled || !await ConsumeAsync(db, user.Id, code ?? "", cancellation))
        {
            await _currentPassword.RecordFailureAsync(db, user, actor, cancellation);
            return new InvalidError("code", "This code is not right.");
        }

        if (await change(db, user) is { } error)
        {
            return error;
        }

        await Sessions.EndAllAsync(db, user.Id, actor.Session, cancellation);
        db.AuditLogs.Add(_audit.CreateEntry(actor, action, UserService.ToAuditTarget(user)));
        await db.SaveChangesAsync(cancellation);
        _accounts.InvalidateWithSessions(user.Id, actor.Session);
        return null;
    }

    private static async Task<IReadOnlyList<string>> ReplaceRecoveryCodesAsync(CatalogDbContext db, long userId, CancellationToken cancellation)
    {
        db.UserTokens.RemoveRange(await db.UserTokens.Where(t => t.UserId == userId && t.LoginProvider == RecoveryProvider).ToListAsync(cancellation));
        var codes = Enumerable.Range(0, RecoveryCodeCount).Select(_ => TotpCode.ToBase32(RandomNumberGenerator.GetBytes(RecoveryCodeBytes))).ToList();
        db.UserTokens.AddRange(codes.Select(code => new IdentityUserToken<long> { UserId = userId, LoginProvider = RecoveryProvider, Name = RandomToken.ComputeHash(code) }));
        return [.. codes.Select(code => string.Join('-', code.Chunk(4).Select(part => new string(part))).ToLowerInvariant())];
    }

    private byte[]? Unprotect(IdentityUserToken<long> stored)
    {
        try
        {
            return _protector.Unprotect(Convert.FromBase64String(stored.Value!));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static Task<IdentityUserToken<long>?> FindAsync(CatalogDbContext db, long userId, string name, CancellationToken cancellation) =>
        db.UserTokens.SingleOrDefaultAsync(t => t.UserId == userId && t.LoginProvider == Provider && t.Name == name, cancellation);

    private static async Task SetAsync(CatalogDbContext db, long userId, string name, string value, CancellationToken cancellation)
    {
        if (await FindAsync(db, userId, name, cancellation) is { } stored)
        {
            stored.Value = value;
        }
        else
        {
            db.UserTokens.Add(new IdentityUserToken<long> { UserId = userId, LoginProvider = Provider, Name = name, Value = value });
        }
    }

    /// <summary>Codes may be typed with spaces and hyphens, in upper or lower case.</summary>
    private static string NormalizeCode(string? code) =>
        new string([.. (code ?? "").Where(char.IsAsciiLetterOrDigit).Take(32)]).ToUpperInvariant();
}
