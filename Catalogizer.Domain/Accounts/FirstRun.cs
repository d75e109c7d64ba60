using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Setup: open until the first admin exists, and only with the token printed on the console. Every start has a new token.
/// </summary>
public sealed class FirstRun(UserService users)
{
    private volatile bool _isCompleted;

    /// <summary>The token of this start. It is printed once and never logged.</summary>
    public string Token { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether setup is known to be complete; false until <see cref="IsOpenAsync"/> has checked.</summary>
    public bool IsCompleted => _isCompleted;

    public async ValueTask<bool> IsOpenAsync(CancellationToken cancellation)
    {
        // The last admin cannot be removed, so setup never opens again.
        _isCompleted = _isCompleted || await users.HasAdminAsync(cancellation);
        return !_isCompleted;
    }

    public bool IsValidToken(string? token) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(Token)));

    /// <summary>Creates the first admin.</summary>
    public async Task<Result<Account>> CompleteAsync(string? token, string? name, string? password, string? address, CancellationToken cancellation) =>
        !await IsOpenAsync(cancellation) ? new SetupAlreadyCompleted()
        : !IsValidToken(token) ? new SetupTokenInvalid()
        : await users.AddFirstAdminAsync(name, password, address, cancellation);
}
