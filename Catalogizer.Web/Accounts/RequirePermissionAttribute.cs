using Catalogizer.Domain.Accounts;
using Microsoft.AspNetCore.Authorization;

namespace Catalogizer.Web.Accounts;

/// <summary>Opens a page only to people with this permission; the word is one of <see cref="Permission"/>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequirePermissionAttribute(string permission) : AuthorizeAttribute(permission);

internal static class RequirePermissionExtensions
{
    /// <summary>Opens an endpoint only to callers with this permission.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, string permission)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(permission);

    /// <summary>One policy for each permission, by its name. Whatever names none is for signed-in people.</summary>
    public static void AddPermissionPolicies(this IServiceCollection services)
    {
        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var permission in Permission.All)
        {
            authorization.AddPolicy(permission, policy => policy.RequireAuthenticatedUser().RequireClaim(ActorClaims.Permissions, permission));
        }
    }
}
