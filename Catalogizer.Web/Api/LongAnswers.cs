using Catalogizer.Domain.Accounts;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>Answers that take long enough for their reader's rights to end meanwhile.</summary>
internal static class LongAnswers
{
    /// <summary>Breaks the answer off when whoever asked for it may not stay.</summary>
    public static RouteHandlerBuilder EndWithAccess(this RouteHandlerBuilder endpoint) =>
        endpoint.AddEndpointFilter(async (context, next) => await next(context) is IResult result ? new Admitted(result) : null);

    private sealed class Admitted(IResult inner) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var services = httpContext.RequestServices;
            using var admission = new Admission(httpContext, services.GetRequiredService<AuthService>(), services.GetRequiredService<ApiKeys>(), services.GetRequiredService<TimeProvider>());
            await using var ending = admission.Ended.UnsafeRegister(static http => ((HttpContext)http!).Abort(), httpContext);
            await inner.ExecuteAsync(httpContext);
        }
    }
}
