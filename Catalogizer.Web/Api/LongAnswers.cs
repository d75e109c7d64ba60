using Catalogizer.Domain.Accounts;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>Responses that can outlast the rights of the user who requested them.</summary>
internal static class LongAnswers
{
    /// <summary>Aborts the response when the session, key or permission that it was requested with ends.</summary>
    public static RouteHandlerBuilder EndWithAccess(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(async (context, next) => await next(context) switch { IResult result => new Admitted(result), var value => value });

    private sealed class Admitted(IResult inner) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var services = httpContext.RequestServices;
            using var admission = new RequestRevalidation(httpContext, services.GetRequiredService<AuthService>(), services.GetRequiredService<ApiKeys>(), services.GetRequiredService<TimeProvider>());
            await using var ending = admission.Ended.UnsafeRegister(static http => ((HttpContext)http!).Abort(), httpContext);
            await inner.ExecuteAsync(httpContext);
        }
    }
}
