using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Catalogizer.Domain.Accounts.Tokens;

/// <summary>Creates random secrets, and the hashes that are stored instead of them.</summary>
internal static class RandomToken
{
    public static string Create(int bytes = 32) => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(bytes));

    /// <summary>SHA-256 in lower-case hex. A plain hash is enough because the tokens are random.</summary>
    public static string ComputeHash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
