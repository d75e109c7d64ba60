using Catalogizer.Domain.Catalog;
using Microsoft.AspNetCore.Authorization;

namespace Catalogizer.Web.Accounts;

/// <summary>Restricts a page to users with this permission, one of <see cref="Permission"/>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RequirePermissionAttribute(string permission) : AuthorizeAttribute(permission);

internal static class RequirePermissionExtensions
{
    /// <summary>Restricts an endpoint to callers with this permission.</summary>
    public static TBuilder RequirePermission<TBuilder>(this TBuilder endpoint, string permission)
        where TBuilder : IEndpointConventionBuilder => endpoint.RequireAuthorization(permission);

    /// <summary>Adds a policy for each permission, with the permission's name. Endpoints without a policy require a signed-in user.</summary>
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
