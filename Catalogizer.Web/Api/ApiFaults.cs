using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Catalogizer.Web.Api;

/// <summary>Turns what an endpoint throws into a problem that tells the caller what is theirs to put right, and nothing of the inside.</summary>
internal static class ApiFaults
{
    public static void UseApiFaults(this IApplicationBuilder api)
    {
        api.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = http => Answer(http.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error, http).ExecuteAsync(http),
            SuppressDiagnosticsCallback = context => context.Exception is PermissionDeniedException or BadHttpRequestException or SourceFault,
        });
        api.UseStatusCodePages(pages => Results.Problem(statusCode: pages.HttpContext.Response.StatusCode).ExecuteAsync(pages.HttpContext));
    }

    private static IResult Answer(Exception fault, HttpContext http) => fault switch
    {
        PermissionDeniedException denied => ApiProblems.Forbidden(denied.Permission),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } =>
            Results.Problem("The request cannot be read: check its address, its query and that its body is valid JSON.", statusCode: StatusCodes.Status400BadRequest),
        SourceFault unread => Results.Problem(unread.MessageFor(http.ToActor()), statusCode: unread.Kind switch
        {
            SourceFaultKind.NotFound => StatusCodes.Status404NotFound,
            SourceFaultKind.Forbidden => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status503ServiceUnavailable,
        }),
        BadHttpRequestException bad => Results.Problem(ReasonPhrases.GetReasonPhrase(bad.StatusCode), statusCode: bad.StatusCode),
        _ when Faults.IsOfDisk(fault) => Results.Problem(Faults.InWords(fault), statusCode: StatusCodes.Status507InsufficientStorage),
        _ => Results.Problem("Something failed here. The server's log has the details.", statusCode: StatusCodes.Status500InternalServerError),
    };
}
