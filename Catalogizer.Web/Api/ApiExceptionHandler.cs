using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace Catalogizer.Web.Api;

/// <summary>Turns exceptions of endpoints into problem responses that say what the caller can correct, and reveal no internals.</summary>
internal static partial class ApiExceptionHandler
{
    public static void UseApiExceptionHandler(this IApplicationBuilder api)
    {
        api.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = http => ToHttpResult(http.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error, http).ExecuteAsync(http),
            SuppressDiagnosticsCallback = context => context.Exception is PermissionDeniedException or BadHttpRequestException or SourceException,
        });
        api.UseStatusCodePages(pages => Results.Problem(statusCode: pages.HttpContext.Response.StatusCode).ExecuteAsync(pages.HttpContext));
    }

    private static IResult ToHttpResult(Exception exception, HttpContext http) => exception switch
    {
        PermissionDeniedException denied => new DeniedResult(ApiProblems.Forbidden(denied.Permission), denied.Permission),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad when FindField(bad) is { } field =>
            ApiProblems.Invalid(new Dictionary<string, string[]> { [field] = ["There is no such field, or its value cannot be read."] }),
        BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } =>
            Results.Problem("The request cannot be read: check its address, its query and that its body is valid JSON.", statusCode: StatusCodes.Status400BadRequest),
        SourceException sourceException => Results.Problem(sourceException.MessageFor(http.ToActor()), statusCode: sourceException.Kind switch
        {
            SourceErrorKind.NotFound => StatusCodes.Status404NotFound,
            SourceErrorKind.Forbidden => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status503ServiceUnavailable,
        }),
        BadHttpRequestException bad => Results.Problem(ReasonPhrases.GetReasonPhrase(bad.StatusCode), statusCode: bad.StatusCode),
        _ when StorageErrors.IsDiskFailure(exception) => Results.Problem(StorageErrors.Describe(exception), statusCode: StatusCodes.Status507InsufficientStorage),
        _ => Results.Problem("Something failed here. The server's log has the details.", statusCode: StatusCodes.Status500InternalServerError),
    };

    /// <summary>The field of the body, or the parameter, that could not be read; null if the error is not about one.</summary>
    private static string? FindField(BadHttpRequestException bad) => bad.InnerException is JsonException { Path: ['$', '.', ..] path }
        ? path[2..]
        : UnboundParameterRegex().Match(bad.Message) is { Success: true } parameter ? JsonNamingPolicy.CamelCase.ConvertName(parameter.Groups[1].Value) : null;

    [GeneratedRegex("^Failed to bind parameter \"\\S+ (\\w+)\" from ", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex UnboundParameterRegex();
}
