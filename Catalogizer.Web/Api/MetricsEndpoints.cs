using System.Security.Cryptography;
using System.Text;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Operations.Metrics;
using Catalogizer.Web.Accounts;
using Microsoft.Extensions.Options;

namespace Catalogizer.Web.Api;

/// <summary>Metrics for a collector, for requests with the token from the settings and for users and scripts with the permission.</summary>
internal static class MetricsEndpoints
{
    public static void MapMetrics(this IEndpointRouteBuilder app) => app
        .MapGet("/metrics", (PrometheusText metrics) => Results.Text(metrics.Write(), PrometheusText.ContentType))
        .RequireAuthorization(policy => policy.RequireAssertion(context =>
            context.User.HasClaim(ActorClaims.Permissions, Permission.SystemView) || (context.Resource is HttpContext http && HasValidToken(http))))
        .WithTags("health");

    private static bool HasValidToken(HttpContext http) =>
        http.RequestServices.GetRequiredService<IOptions<MetricsOptions>>().Value.Token is { Length: > 0 } token
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(http.Request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes($"Bearer {token}"));
}
