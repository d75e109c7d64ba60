using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Encrypts the passwords of shares for the catalogue, and decrypts them while they are passed to a worker.</summary>
internal sealed class SmbPasswords(IDataProtectionProvider protection)
{
    private const int MaxCached = 50;

    private readonly ConcurrentDictionary<string, string> _cache = new(StringComparer.Ordinal);
    private readonly byte[] _hashKey = RandomNumberGenerator.GetBytes(32);
    private readonly IDataProtector _protector = protection.CreateProtector("Catalogizer.Sources.Smb.Password");

    /// <summary>Encrypts a password. The same password gives the same result until a restart, so that repeated tests of a share reuse connections.</summary>
    public string Seal(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        if (_cache.Count >= MaxCached)
        {
            _cache.Clear();
        }

        var sealedPassword = _cache.GetOrAdd(Convert.ToBase64String(HMACSHA256.HashData(_hashKey, bytes)), _ => Convert.ToBase64String(_protector.Protect(bytes)));
        CryptographicOperations.ZeroMemory(bytes);
        return sealedPassword;
    }

    /// <summary>The password as bytes; the caller must wipe them. Empty when there is no password.</summary>
    /// <exception cref="SourceException">The key that encrypted the password is lost.</exception>
    public byte[] Unseal(string? sealedPassword)
    {
        try
        {
            return sealedPassword is null ? [] : _protector.Unprotect(Convert.FromBase64String(sealedPassword));
        }
        catch (CryptographicException exception)
        {
            throw new SourceException(SourceErrorKind.Denied, "The password that was kept cannot be read any more: enter it again.", exception) { Code = "wrongLogin" };
        }
    }
}
