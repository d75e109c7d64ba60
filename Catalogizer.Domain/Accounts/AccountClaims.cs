using System.Globalization;
using System.Security.Claims;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Accounts;

/// <summary>The names of the claims in an account's cookies and tokens.</summary>
public static class AccountClaims
{
    public const string UserId = "user_id";
    public const string UserName = "username";
    public const string Role = "role";
    public const string Permissions = "permissions";

    /// <summary>The account's stamp when the claims were issued.</summary>
    public const string Stamp = "stamp";

    /// <summary>The browser session of a cookie; tokens have none.</summary>
    public const string Session = "session";

    /// <summary>The API session of an access token.</summary>
    public const string ApiSession = "api_session";

    /// <summary>The role's name in claims, the API and the command line.</summary>
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
