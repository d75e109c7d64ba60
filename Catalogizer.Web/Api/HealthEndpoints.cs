using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Operations.Health;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>Health checks for load balancers and monitoring. Offline sources never make the application unhealthy.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Ok(new { status = "live" })).AllowAnonymous().WithTags("health");
        app.MapGet("/health/ready", async (HealthChecker checker, CancellationToken cancellation) =>
            await checker.IsReadyAsync(cancellation) ? Results.Ok(new { status = "ready" }) : Results.Json(new { status = "notReady" }, statusCode: StatusCodes.Status503ServiceUnavailable))
            .AllowAnonymous().WithTags("health");
        app.MapGet("/health", CheckAsync).WithTags("health");
    }

    private static async Task<IResult> CheckAsync(HealthChecker checker, HttpContext http, CancellationToken cancellation)
    {
        var checks = await checker.CheckAsync(cancellation);
        if (!http.ToActor().HasPermission(Permission.SystemView))
        {
            // The reason why a source cannot be read may reveal its location.
            checks = [.. checks.Select(c => c with { Parts = [] })];
        }

        var status = HealthChecker.GetStatus(checks);
        return Results.Json(new { status, checks }, statusCode: status == "unhealthy" ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }
}
