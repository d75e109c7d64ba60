using System.Globalization;
using System.Security.Claims;

namespace Catalogizer.Domain.Accounts;

/// <summary>The claims that a cookie or token of an account carries, by their names.</summary>
public static class AccountClaims
{
    public const string UserId = "user_id";
    public const string UserName = "username";
    public const string Role = "role";
    public const string Permissions = "permissions";

    /// <summary>What the account's stamp was when the claims were made.</summary>
    public const string Stamp = "stamp";

    /// <summary>The browser session that a cookie belongs to; tokens have none.</summary>
    public const string Session = "session";

    /// <summary>The sign-in over the API that an access token belongs to.</summary>
    public const string ApiSession = "api_session";

    /// <summary>A role by the word that claims, the API and the command line use.</summary>
    public static string ToApiName(Role role) => role.ToString().ToLowerInvariant();

    public static ClaimsIdentity ToIdentity(this Account account, string scheme, string? session = null, string? apiSession = null)
    {
        var id = account.Id.ToString(CultureInfo.InvariantCulture);
        var identity = new ClaimsIdentity(scheme, UserName, Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, id));
        identity.AddClaim(new Claim(UserId, id));
        identity.AddClaim(new Claim(UserName, account.Name));
        identity.AddClaim(new Claim(Role, ToApiName(account.Role)));
        identity.AddClaims(account.Permissions.Select(permission => new Claim(Permissions, permission)));
        identity.AddClaim(new Claim(Stamp, account.Stamp));
        if (session is not null)
        {
            identity.AddClaim(new Claim(Session, session));
        }

        if (apiSession is not null)
        {
            identity.AddClaim(new Claim(ApiSession, apiSession));
        }

        return identity;
    }
}
