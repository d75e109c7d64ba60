using System.Globalization;
using System.Security.Claims;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Web.Accounts;

/// <summary>Reads the claims of a cookie or token as an actor. Without a sign-in, the actor has no permissions.</summary>
internal static class ActorClaims
{
    public const string UserId = AccountClaims.UserId;
    public const string UserName = AccountClaims.UserName;
    public const string Role = AccountClaims.Role;
    public const string Permissions = AccountClaims.Permissions;

    public static Actor ToActor(this ClaimsPrincipal user, string? address = null) => new(
        user.FindUserId(),
        user.FindFirstValue(UserName) ?? "anonymous",
        [.. user.FindAll(Permissions).Select(c => c.Value)],
        address)
    {
        Session = user.FindFirstValue(AccountClaims.Session),
    };

    /// <summary>The sender of this request, with the address it came from.</summary>
    public static Actor ToActor(this HttpContext http) => http.User.ToActor(http.Connection.RemoteIpAddress?.ToString());

    public static SignInOrigin ToSignInOrigin(this HttpContext http) => new(http.Connection.RemoteIpAddress?.ToString(), http.Request.Headers.UserAgent.ToString(), http.Request.Cookies[SignInCookie.DeviceCookieName]);

    public static long? FindUserId(this ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(UserId), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>Returns the account that these claims were issued for; null if they are no longer valid.</summary>
    public static async ValueTask<Account?> RevalidateAsync(this AuthService auth, ClaimsPrincipal user, CancellationToken cancellation) =>
        user.FindUserId() is { } id
            ? await auth.RevalidateAsync(id, user.FindFirstValue(AccountClaims.Stamp), user.FindFirstValue(AccountClaims.Session) ?? user.FindFirstValue(AccountClaims.ApiSession), cancellation)
            : null;
}
