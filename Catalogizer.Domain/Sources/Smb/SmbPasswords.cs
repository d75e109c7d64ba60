using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Seals the passwords of shares for the catalogue, and opens them while they are handed to a worker.</summary>
internal sealed class SmbPasswords(IDataProtectionProvider protection)
{
    private readonly IDataProtector _seal = protection.CreateProtector("Catalogizer.Sources.Smb.Password");

    public string Seal(string password)
    {
        var bytes = Encoding.UTF8.GetBytes(password);
        var kept = Convert.ToBase64String(_seal.Protect(bytes));
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
