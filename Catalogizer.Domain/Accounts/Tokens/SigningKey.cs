using System.Security.Cryptography;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Accounts.Tokens;

/// <summary>The key that access tokens are signed with. Created at first use and stored encrypted in the settings table.</summary>
internal sealed class SigningKey(
    IDbContextFactory<CatalogDbContext> contexts, IDataProtectionProvider protection, AccountLock accountLock, ILogger<SigningKey> logger)
{
    internal const string SettingName = "accounts:signingKey";

    private readonly IDataProtector _protector = protection.CreateProtector("Catalogizer.Accounts.SigningKey");
    private byte[]? _key;

    public async ValueTask<byte[]> GetAsync(CancellationToken cancellation)
    {
        if (_key is { } key)
        {
            return key;
        }

        using var lease = await accountLock.AcquireAsync(cancellation);
        return _key ??= await GetOrCreateAsync(cancellation);
    }

    private async Task<byte[]> GetOrCreateAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var setting = await db.Settings.SingleOrDefaultAsync(s => s.Key == SettingName, cancellation);
        if (setting is not null && Unprotect(setting.Value) is { } existing)
        {
            return existing;
        }

        var created = RandomNumberGenerator.GetBytes(64);
        var protectedKey = Convert.ToBase64String(_protector.Protect(created));
        if (setting is null)
        {
            db.Settings.Add(new Setting { Key = SettingName, Value = protectedKey });
        }
        else
        {
            setting.Value = protectedKey;
        }

        await db.SaveChangesAsync(cancellation);
        return created;
    }

    private byte[]? Unprotect(string value)
    {
        try
        {
            return _protector.Unprotect(Convert.FromBase64String(value));
        }
        catch (CryptographicException exception)
        {
            // Only the key that encrypted it was lost. A new signing key ends the access tokens of the last 15 minutes, nothing else.
            logger.LogWarning(exception, "The key of access tokens could not be unsealed; a new one is made and open tokens end.");
            return null;
        }
    }
}
