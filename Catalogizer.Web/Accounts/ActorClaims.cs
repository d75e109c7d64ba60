using System.Globalization;
using System.Security.Claims;
using Catalogizer.Domain.Accounts;

namespace Catalogizer.Web.Accounts;

/// <summary>The claims of a cookie or token, read as an actor. Nobody signed in is an actor without permissions.</summary>
internal static class ActorClaims
{
    public const string UserId = "user_id";
    public const string UserName = "username";
    public const string Role = "role";
    public const string Permissions = "permissions";

    public static Actor ToActor(this ClaimsPrincipal user, string? address = null) => new(
        long.TryParse(user.FindFirstValue(UserId), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null,
        user.FindFirstValue(UserName) ?? "anonymous",
        [.. user.FindAll(Permissions).Select(c => c.Value)],
        address);
}
