using System.Globalization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Catalogizer.Domain.Accounts;

/// <summary>The account and the session of a valid access token, and when the token ends.</summary>
public sealed record TokenHolder(Account Account, string Session, DateTimeOffset ExpiresAt);

/// <summary>Makes and reads the short-lived tokens of the API: JWT, HS256.</summary>
internal sealed class AccessTokens(SigningKey key, AccountReader accounts, TimeProvider time)
{
    public const string Issuer = "catalogizer";
    public const string Audience = "catalogizer.api";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };

    public async Task<(string Token, DateTimeOffset ExpiresAt)> IssueAsync(Account account, string session, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var expires = now + Lifetime;
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expires.UtcDateTime,
            SigningCredentials = new SigningCredentials(await KeyAsync(cancellation), SecurityAlgorithms.HmacSha256),
            Claims = new Dictionary<string, object>
            {
                [AccountClaims.UserId] = account.Id,
                [AccountClaims.UserName] = account.Name,
                [AccountClaims.Role] = AccountClaims.WordFor(account.Role),
                [AccountClaims.Permissions] = account.Permissions.ToArray(),
                [AccountClaims.Stamp] = account.Stamp,
                [AccountClaims.ApiSession] = session,
                [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
            },
        });

        // The token counts whole seconds.
        return (token, DateTimeOffset.FromUnixTimeSeconds(expires.ToUnixTimeSeconds()));
    }

    /// <summary>Validates a token. Returns null if it is expired, altered or not ours, or if its session ended or its account changed.</summary>
    public async Task<TokenHolder?> ReadAsync(string token, CancellationToken cancellation)
    {
        var read = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            IssuerSigningKey = await KeyAsync(cancellation),
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (from, until, _, _) => until > time.GetUtcNow().UtcDateTime && !(from > time.GetUtcNow().UtcDateTime),
        });

        return read.IsValid
            && long.TryParse(Text(read, AccountClaims.UserId), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && Text(read, AccountClaims.Stamp) is { } stamp
            && Text(read, AccountClaims.ApiSession) is { } session
            && await accounts.FindAsync(id, stamp, session, cancellation) is { } account
            ? new TokenHolder(account, session, new DateTimeOffset(read.SecurityToken.ValidTo, TimeSpan.Zero))
            : null;
    }

    private async ValueTask<SymmetricSecurityKey> KeyAsync(CancellationToken cancellation) => new(await key.GetAsync(cancellation));

    private static string? Text(TokenValidationResult read, string claim) =>
        read.Claims.TryGetValue(claim, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
}
