using System.Globalization;
using System.Security.Cryptography;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>A secret for an authenticator app that is not in use before a first code was given.</summary>
/// <param name="Secret">As people type it.</param>
/// <param name="Uri">As a QR code carries it.</param>
public sealed record SecondFactorOffer(string Secret, string Uri);

/// <summary>
/// The second factor: a code of an authenticator app, or one of ten recovery codes, each good once. The secret is kept sealed; of
/// recovery codes only the hashes are. A change takes a signed-in browser and the password, and ends every other session of the account.
/// </summary>
public sealed class SecondFactor
{
    private const string Provider = "secondFactor";
    private const string RecoveryProvider = "recovery";
    private const string SecretName = "secret";
    private const string OfferName = "offer";
    private const string StepName = "step";
    private const int RecoveryCodes = 10;

    /// <summary>Enough that a plain hash of a code gives nothing away: 120 bits, in 24 signs.</summary>
    private const int RecoveryCodeBytes = 15;

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly AccountGate _gate;
    private readonly AccountReader _accounts;
    private readonly CurrentPassword _password;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;
    private readonly IDataProtector _seal;

    internal SecondFactor(
        IDbContextFactory<CatalogDbContext> contexts, AccountGate gate, AccountReader accounts, CurrentPassword password, AuditLog audit, IDataProtectionProvider protection, TimeProvider time) =>
        (_contexts, _gate, _accounts, _password, _audit, _time, _seal) = (contexts, gate, accounts, password, audit, time, protection.CreateProtector("Catalogizer.Accounts.SecondFactor"));

    /// <summary>Whether it is on, and how many recovery codes are left.</summary>
    public async Task<(bool On, int CodesLeft)> StateAsync(Actor actor, CancellationToken cancellation)
    {
        var id = actor.DemandOwnAccount();
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return (
            await db.Users.AnyAsync(u => u.Id == id && u.TwoFactorEnabled, cancellation),
            await db.UserTokens.CountAsync(t => t.UserId == id && t.LoginProvider == RecoveryProvider, cancellation));
    }

    /// <summary>A new secret, to be shown once.</summary>
    public async Task<Result<SecondFactorOffer>> OfferAsync(Actor actor, string? password, CancellationToken cancellation)
    {
        var id = actor.DemandOwnAccount();
        if (await _password.CheckAsync(actor, password, cancellation) is { } wrong)
        {
            return wrong;
        }

        using var turn = await _gate.EnterAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var secret = OneTimeCode.NewSecret();
        await SetAsync(db, id, OfferName, Convert.ToBase64String(_seal.Protect(secret)), cancellation);
        await db.SaveChangesAsync(cancellation);
        var word = OneTimeCode.Base32(secret);
        return new SecondFactorOffer(word, $"otpauth://totp/Catalogizer:{Uri.EscapeDataString(actor.Name)}?secret={word}&issuer=Catalogizer");
    }

    /// <summary>Turns it on with a code of the secret that was offered.</summary>
    /// <returns>The recovery codes, to be shown once.</returns>
    public async Task<Result<IReadOnlyList<string>>> TurnOnAsync(Actor actor, string? code, CancellationToken cancellation)
    {
        var id = actor.DemandOwnAccount();
        using var turn = await _gate.EnterAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == id, cancellation);
        var offered = await FindAsync(db, user.Id, OfferName, cancellation);
        if (user.TwoFactorEnabled || offered is null || Open(offered) is not { } secret || OneTimeCode.Find(secret, Plain(code), 0, _time.GetUtcNow()) is not { } step)
        {
            return new InvalidError("code", "This code is not right. Look at the app again: codes change every thirty seconds.");
        }

        await SetAsync(db, user.Id, SecretName, offered.Value!, cancellation);
        await SetAsync(db, user.Id, StepName, step.ToString(CultureInfo.InvariantCulture), cancellation);
        db.UserTokens.Remove(offered);
        var codes = await NewCodesAsync(db, user.Id, cancellation);
        user.TwoFactorEnabled = true;
        await Sessions.EndAllAsync(db, user.Id, actor.Session, cancellation);
        db.AuditLogs.Add(_audit.Entry(actor, "accounts.secondFactorOn", UserService.Target(user)));
        await db.SaveChangesAsync(cancellation);
        _accounts.ForgetWithSessions(user.Id, actor.Session);
        return new Result<IReadOnlyList<string>>(codes);
    }

    /// <summary>Turns it off; takes the password and a code.</summary>
    public Task<Error?> TurnOffAsync(Actor actor, string? password, string? code, CancellationToken cancellation) => WithCodeAsync(actor, password, code, "accounts.secondFactorOff", async (db, user) =>
    {
        user.TwoFactorEnabled = false;
        await ClearAsync(db, user.Id, cancellation);
        return null;
    }, cancellation);

    /// <summary>New recovery codes; the old ones end.</summary>
    public async Task<Result<IReadOnlyList<string>>> RenewCodesAsync(Actor actor, string? password, string? code, CancellationToken cancellation)
    {
        IReadOnlyList<string> codes = [];
        return await WithCodeAsync(actor, password, code, "accounts.recoveryCodes", async (db, user) =>
        {
            codes = await NewCodesAsync(db, user.Id, cancellation);
            return null;
        }, cancellation) is { } wrong
            ? wrong
            : new Result<IReadOnlyList<string>>(codes);
    }

    /// <summary>Whether a code is right; it is used up by that. The caller holds the turn and saves.</summary>
    internal async Task<bool> SpendAsync(CatalogDbContext db, long userId, string code, CancellationToken cancellation)
    {
        code = Plain(code);
        if (await FindAsync(db, userId, SecretName, cancellation) is { } kept && Open(kept) is { } secret)
        {
            var last = await FindAsync(db, userId, StepName, cancellation);
            if (OneTimeCode.Find(secret, code, long.Parse(last?.Value ?? "0", CultureInfo.InvariantCulture), _time.GetUtcNow()) is { } step)
            {
                await SetAsync(db, userId, StepName, step.ToString(CultureInfo.InvariantCulture), cancellation);
                return true;
            }
        }

        var hash = Tokens.HashOf(code);
        if (await db.UserTokens.SingleOrDefaultAsync(t => t.UserId == userId && t.LoginProvider == RecoveryProvider && t.Name == hash, cancellation) is not { } recovery)
        {
            return false;
        }

        db.UserTokens.Remove(recovery);
        return true;
    }

    /// <summary>Whether a recovery code is used up by what is to be saved: that one must not be good again after a restart.</summary>
    internal static bool SpendsRecoveryCode(CatalogDbContext db) =>
        db.ChangeTracker.Entries<IdentityUserToken<long>>().Any(row => row is { State: EntityState.Deleted, Entity.LoginProvider: RecoveryProvider });

    /// <summary>Forgets all of it; for an admin who helps somebody that lost their app and codes. The caller saves.</summary>
    internal static async Task ClearAsync(CatalogDbContext db, long userId, CancellationToken cancellation) =>
        db.UserTokens.RemoveRange(await db.UserTokens.Where(t => t.UserId == userId && (t.LoginProvider == Provider || t.LoginProvider == RecoveryProvider)).ToListAsync(cancellation));

    private async Task<Error?> WithCodeAsync(
        Actor actor, string? password, string? code, string action, Func<CatalogDbContext, User, Task<Error?>> change, CancellationToken cancellation)
    {
        var id = actor.DemandOwnAccount();
        if (await _password.CheckAsync(actor, password, cancellation) is { } refused)
        {
            return refused;
        }

        using var turn = await _gate.EnterAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var user = await db.Users.SingleAsync(u => u.Id == id, cancellation);

        if (!user.TwoFactorEnabled || !await SpendAsync(db, user.Id, code ?? "", cancellation))
        {
            await _password.CountAsync(db, user, actor, cancellation);
            return new InvalidError("code", "This code is not right.");
        }

        if (await change(db, user) is { } wrong)
        {
            return wrong;
        }

        await Sessions.EndAllAsync(db, user.Id, actor.Session, cancellation);
        db.AuditLogs.Add(_audit.Entry(actor, action, UserService.Target(user)));
        await db.SaveChangesAsync(cancellation);
        _accounts.ForgetWithSessions(user.Id, actor.Session);
        return null;
    }

    private static async Task<IReadOnlyList<string>> NewCodesAsync(CatalogDbContext db, long userId, CancellationToken cancellation)
    {
        db.UserTokens.RemoveRange(await db.UserTokens.Where(t => t.UserId == userId && t.LoginProvider == RecoveryProvider).ToListAsync(cancellation));
        var codes = Enumerable.Range(0, RecoveryCodes).Select(_ => OneTimeCode.Base32(RandomNumberGenerator.GetBytes(RecoveryCodeBytes))).ToList();
        db.UserTokens.AddRange(codes.Select(code => new IdentityUserToken<long> { UserId = userId, LoginProvider = RecoveryProvider, Name = Tokens.HashOf(code) }));
        return [.. codes.Select(code => string.Join('-', code.Chunk(4).Select(part => new string(part))).ToLowerInvariant())];
    }

    private byte[]? Open(IdentityUserToken<long> kept)
    {
        try
        {
            return _seal.Unprotect(Convert.FromBase64String(kept.Value!));
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
        if (await FindAsync(db, userId, name, cancellation) is { } kept)
        {
            kept.Value = value;
        }
        else
        {
            db.UserTokens.Add(new IdentityUserToken<long> { UserId = userId, LoginProvider = Provider, Name = name, Value = value });
        }
    }

    /// <summary>Codes are typed with spaces and hyphens, in either case.</summary>
    private static string Plain(string? code) =>
        new string([.. (code ?? "").Where(char.IsAsciiLetterOrDigit).Take(32)]).ToUpperInvariant();
}
