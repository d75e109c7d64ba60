using System.Security.Cryptography;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Accounts;

/// <summary>The key that access tokens are signed with: made at first start, kept sealed in the settings table.</summary>
internal sealed class SigningKey(
    IDbContextFactory<CatalogDbContext> contexts, IDataProtectionProvider protection, AccountGate gate, ILogger<SigningKey> logger)
{
    /// <summary>The setting that it is kept under.</summary>
    internal const string Name = "accounts:signingKey";

    private readonly IDataProtector _seal = protection.CreateProtector("Catalogizer.Accounts.SigningKey");
    private byte[]? _key;

    public async ValueTask<byte[]> GetAsync(CancellationToken cancellation)
    {
        if (_key is { } key)
        {
            return key;
        }

        using var turn = await gate.EnterAsync(cancellation);
        return _key ??= await ReadOrMakeAsync(cancellation);
    }

    private async Task<byte[]> ReadOrMakeAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var kept = await db.Settings.SingleOrDefaultAsync(s => s.Key == Name, cancellation);
        if (kept is not null && Open(kept.Value) is { } known)
        {
            return known;
        }

        var made = RandomNumberGenerator.GetBytes(64);
        var sealedKey = Convert.ToBase64String(_seal.Protect(made));
        if (kept is null)
        {
            db.Settings.Add(new Setting { Key = Name, Value = sealedKey });
        }
        else
        {
            kept.Value = sealedKey;
        }

        await db.SaveChangesAsync(cancellation);
        return made;
    }

    private byte[]? Open(string value)
    {
        try
        {
            return _seal.Unprotect(Convert.FromBase64String(value));
        }
        catch (CryptographicException exception)
        {
            // Only its seal was lost: a new key ends the tokens of the last quarter of an hour, nothing else.
            logger.LogWarning(exception, "The key of access tokens could not be unsealed; a new one is made and open tokens end.");
            return null;
        }
    }
}
