using System.Globalization;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Catalogizer.Domain.Accounts.Tokens;

/// <summary>The account and the session of a valid access token, and when the token expires.</summary>
public sealed record TokenHolder(Account Account, string Session, DateTimeOffset ExpiresAt);

/// <summary>Issues and validates the short-lived access tokens of the API (JWT, HS256).</summary>
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
            SigningCredentials = new SigningCredentials(await GetKeyAsync(cancellation), SecurityAlgorithms.HmacSha256),
            Claims = new Dictionary<string, object>
            {
                [AccountClaims.UserId] = account.Id,
                [AccountClaims.UserName] = account.Name,
                [AccountClaims.Role] = AccountClaims.ToApiName(account.Role),
                [AccountClaims.Permissions] = account.Permissions.ToArray(),
                [AccountClaims.Stamp] = account.Stamp,
                [AccountClaims.ApiSession] = session,
                [JwtRegisteredClaimNames.Jti] = Guid.NewGuid().ToString("N"),
            },
        });

        // The times in a token are whole seconds, so the expiry is returned without its fraction.
        return (token, DateTimeOffset.FromUnixTimeSeconds(expires.ToUnixTimeSeconds()));
    }

    /// <summary>Validates a token. Returns null if it is expired, altered or not ours, or if its session ended or its account changed.</summary>
    public async Task<TokenHolder?> ValidateAsync(string token, CancellationToken cancellation)
    {
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            IssuerSigningKey = await GetKeyAsync(cancellation),
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (from, until, _, _) => until > time.GetUtcNow().UtcDateTime && !(from > time.GetUtcNow().UtcDateTime),
        });

        return result.IsValid
            && long.TryParse(GetClaim(result, AccountClaims.UserId), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && GetClaim(result, AccountClaims.Stamp) is { } stamp
            && GetClaim(result, AccountClaims.ApiSession) is { } session
            && await accounts.FindAsync(id, stamp, session, cancellation) is { } account
            ? new TokenHolder(account, session, new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero))
            : null;
    }

    private async ValueTask<SymmetricSecurityKey> GetKeyAsync(CancellationToken cancellation) => new(await key.GetAsync(cancellation));

    private static string? GetClaim(TokenValidationResult result, string claim) =>
        result.Claims.TryGetValue(claim, out var value) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
}
