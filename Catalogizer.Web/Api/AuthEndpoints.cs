using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Authentication;

namespace Catalogizer.Web.Api;

/// <summary>Sign-in and sign-out over the API.</summary>
internal static class AuthEndpoints
{
    public static void MapAuth(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/api/v1/auth").RejectUnknownParameters().WithTags("auth");
        auth.MapPost("/login", LogInAsync).AllowAnonymous();
        auth.MapPost("/refresh", RefreshAsync).AllowAnonymous();
        auth.MapPost("/logout", LogOutAsync).Produces(StatusCodes.Status204NoContent).ProducesValidationProblem();
        auth.MapGet("/me", GetMeAsync);
    }

    private static async Task<IResult> LogInAsync(LogInRequest request, AuthService auth, SignInLimiter limiter, HttpContext http, CancellationToken cancellation)
    {
        if (FindMissing((request.Username, "username", "Give a user name."), (request.Password, "password", "Give a password.")) is { Count: > 0 } missing)
        {
            return ApiProblems.Invalid(missing);
        }

        if (limiter.Consume(http) is { } wait)
        {
            return ApiProblems.TooManyRequests(wait);
        }

        return ToHttpResult(await auth.LogInAsync(request.Username!, request.Password!, request.Code, http.ToSignInOrigin(), cancellation), http);
    }

    private static async Task<IResult> RefreshAsync(RefreshRequest request, AuthService auth, SignInLimiter limiter, HttpContext http, CancellationToken cancellation)
    {
        if (FindMissing((request.RefreshToken, "refreshToken", "Give the refresh token.")) is { Count: > 0 } missing)
        {
            return ApiProblems.Invalid(missing);
        }

        if (limiter.Consume(http) is { } wait)
        {
            return ApiProblems.TooManyRequests(wait);
        }

        return ToHttpResult(await auth.RefreshAsync(request.RefreshToken!, http.ToActor().Address, cancellation), http);
    }

    /// <summary>Ends the session of the access token; all tokens of the session become invalid.</summary>
    private static async Task<IResult> LogOutAsync(AuthService auth, HttpContext http, CancellationToken cancellation)
    {
        if (http.User.FindFirst(AccountClaims.ApiSession)?.Value is not { } session)
        {
            return ApiProblems.From(new InvalidError("authorization", "A key is not signed in. Send the access token that is to end, or remove the key on the account page."));
        }

        await auth.SignOutAsync(http.ToActor(), session, cancellation);
        return Results.NoContent();
    }

    private static async Task<MeResponse> GetMeAsync(AuthService auth, HttpContext http, CancellationToken cancellation)
    {
        var actor = http.ToActor();
        var session = actor.Session is { } id ? (await auth.ListSessionsAsync(actor, cancellation)).FirstOrDefault(open => open.Id == id) : null;
        return new MeResponse(
            actor.UserId, actor.Name, http.User.FindFirst(ActorClaims.Role)?.Value, actor.Permissions,
            session?.ExpiresAt ?? http.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc);
    }

    private static IResult ToHttpResult(Result<ApiTokens> tokens, HttpContext http)
    {
        // RFC 6749 §5.1: tokens must not be cached.
        http.Response.Headers.CacheControl = "no-store";
        return tokens.Error switch
        {
            null => Results.Ok(tokens.Value),
            TooManyRequestsError or UnavailableError => ApiProblems.From(tokens.Error),
            { } error => ApiProblems.Unauthorized(error.Message),
        };
    }

    private static Dictionary<string, string[]> FindMissing(params (string? Value, string Field, string Sentence)[] fields) =>
        fields.Where(field => string.IsNullOrWhiteSpace(field.Value)).ToDictionary(field => field.Field, field => new[] { field.Sentence });

    private sealed record LogInRequest(string? Username, string? Password, string? Code);

    private sealed record RefreshRequest(string? RefreshToken);

    /// <param name="ExpiresAt">When the session, token or key expires; null for a key that does not expire.</param>
    private sealed record MeResponse(long? UserId, string Username, string? Role, IReadOnlyCollection<string> Permissions, DateTimeOffset? ExpiresAt);
}
