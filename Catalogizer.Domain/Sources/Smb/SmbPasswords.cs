using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Seals the passwords of shares for the catalogue, and opens them while they are handed to a worker.</summary>
internal sealed class SmbPasswords(IDataProtectionProvider protection)
{
    private const int MostSealed = 50;

    private readonly ConcurrentDictionary<string, string> _sealed = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly IDataProtector _seal = protection.CreateProtector("Catalogizer.Sources.Smb.Password");

    /// <summary>The same password gets the same seal while the program runs: who tries out a share goes on with the connections he has.</summary>
    public string Seal(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        if (_sealed.Count >= MostSealed)
        {
            _sealed.Clear();
        }

        var kept = _sealed.GetOrAdd(Convert.ToBase64String(HMACSHA256.HashData(_key, bytes)), _ => Convert.ToBase64String(_seal.Protect(bytes)));
        CryptographicOperations.ZeroMemory(bytes);
        return kept;
    }

    /// <summary>The password as bytes, to be wiped by the caller.</summary>
    /// <exception cref="SourceFault">The key it was sealed with is gone.</exception>
    public byte[] Open(string? kept)
    {
        try
        {
            return kept is null ? [] : _seal.Unprotect(Convert.FromBase64String(kept));
        }
        catch (CryptographicException exception)
        {
            throw new SourceFault(SourceFaultKind.Denied, "The password that was kept cannot be read any more: enter it again.", exception) { Code = "wrongLogin" };
        }
    }
}
