using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>Responses that can outlast the permissions of the user who requested them.</summary>
internal static class LongRunningResponses
{
    /// <summary>Aborts the response when the session, key or permission that it was requested with ends.</summary>
    public static RouteHandlerBuilder AbortWhenAccessEnds(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(async (context, next) => await next(context) switch { IResult result => new RevalidatedResult(result), var value => value });

    private sealed class RevalidatedResult(IResult inner) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var services = httpContext.RequestServices;
            using var revalidation = new RequestRevalidation(httpContext, services.GetRequiredService<AuthService>(), services.GetRequiredService<ApiKeys>(), services.GetRequiredService<TimeProvider>());
            await using var registration = revalidation.Ended.UnsafeRegister(static http => ((HttpContext)http!).Abort(), httpContext);
            await inner.ExecuteAsync(httpContext);
        }
    }
}
