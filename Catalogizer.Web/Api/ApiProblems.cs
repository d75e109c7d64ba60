using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>The error responses of the API: RFC 9457 problem details.</summary>
internal static class ApiProblems
{
    public const string ContentType = "application/problem+json";

    /// <summary>Maps a service's error by its family; 400 with the field, if any, for the rest.</summary>
    public static IResult From(Error error) => error switch
    {
        NotFoundError => Results.Problem(error.Message, statusCode: StatusCodes.Status404NotFound),
        ConflictError => Results.Problem(error.Message, statusCode: StatusCodes.Status409Conflict),
        ForbiddenError => new DeniedResult(Results.Problem(error.Message, statusCode: StatusCodes.Status403Forbidden)),
        UnavailableError { RetryAfter: { } retryAfter } => new RetryAfterResult(retryAfter, error.Message, StatusCodes.Status503ServiceUnavailable),
        UnavailableError => Results.Problem(error.Message, statusCode: StatusCodes.Status503ServiceUnavailable),
        TooManyRequestsError tooMany => TooManyRequests(tooMany.RetryAfter, error.Message),
        { Field: not null } => Invalid(error.OtherErrors.Prepend(error).GroupBy(e => e.Field ?? "").ToDictionary(group => group.Key, group => group.Select(e => e.Message).ToArray())),
        _ => Results.Problem(error.Message, statusCode: StatusCodes.Status400BadRequest),
    };

    /// <summary>400 with the messages for each field.</summary>
    public static IResult Invalid(IDictionary<string, string[]> errors) => Results.ValidationProblem(errors);

    public static IResult Unauthorized(string detail = "Sign in first: send a valid access token.") =>
        Results.Problem(detail, statusCode: StatusCodes.Status401Unauthorized);

    public static IResult Forbidden(string? permission = null) => Results.Problem(
        permission is null ? null : $"This needs the permission '{permission}'.",
        statusCode: StatusCodes.Status403Forbidden,
        extensions: new Dictionary<string, object?> { ["error"] = "Insufficient permissions" });

    public static IResult TooManyRequests(TimeSpan retryAfter, string detail = "Too many attempts. Wait before the next one.") => new RetryAfterResult(retryAfter, detail, StatusCodes.Status429TooManyRequests);

    private sealed class RetryAfterResult(TimeSpan retryAfter, string detail, int status) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = SignInLimiter.ToRetryAfterHeader(retryAfter);
            return Results.Problem(detail, statusCode: status).ExecuteAsync(httpContext);
        }
    }
}
