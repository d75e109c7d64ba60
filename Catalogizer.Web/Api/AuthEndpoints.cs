using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>Signing in over the API, and the accounts.</summary>
internal static class AuthEndpoints
{
    public static void MapAuth(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/api/v1/auth").WithTags("auth");
        auth.MapPost("/login", LogInAsync).AllowAnonymous();
        auth.MapPost("/refresh", RefreshAsync).AllowAnonymous();
        auth.MapGet("/me", Me);

        var users = app.MapGroup("/api/v1/users").WithTags("users").RequirePermission(Permission.UsersManage);
        users.MapGet("", async (UserService service, HttpContext http, CancellationToken cancellation) =>
            await service.ListAsync(http.ToActor(), cancellation));
        users.MapPost("", AddUserAsync);
    }

    private static async Task<IResult> LogInAsync(LogInRequest request, AuthService auth, SignInLimiter limiter, HttpContext http, CancellationToken cancellation)
    {
        if (Missing((request.Username, "username", "Give a user name."), (request.Password, "password", "Give a password.")) is { Count: > 0 } missing)
        {
            return ApiProblems.Invalid(missing);
        }

        if (limiter.Count(http, request.Username) is { } wait)
        {
            return ApiProblems.TooManyRequests(wait);
        }

        return Answer(await auth.LogInAsync(request.Username!, request.Password!, http.ToActor().Address, cancellation), http);
    }

    private static async Task<IResult> RefreshAsync(RefreshRequest request, AuthService auth, SignInLimiter limiter, HttpContext http, CancellationToken cancellation)
    {
        if (Missing((request.RefreshToken, "refreshToken", "Give the refresh token.")) is { Count: > 0 } missing)
        {
            return ApiProblems.Invalid(missing);
        }

        if (limiter.Count(http) is { } wait)
        {
            return ApiProblems.TooManyRequests(wait);
        }

        return Answer(await auth.RefreshAsync(request.RefreshToken!, http.ToActor().Address, cancellation), http);
    }

    private static MeResponse Me(HttpContext http)
    {
        var actor = http.ToActor();
        return new MeResponse(actor.UserId, actor.Name, http.User.FindFirst(ActorClaims.Role)?.Value, actor.Permissions);
    }

    private static async Task<IResult> AddUserAsync(AddUserRequest request, UserService users, HttpContext http, CancellationToken cancellation)
    {
        if (request.Role is not { } role)
        {
            return ApiProblems.Of(new Invalid("role", "Give a role: admin, editor or viewer."));
        }

        var added = await users.AddAsync(http.ToActor(), request.Username, request.Password, role, cancellation);
        return added.IsOk ? Results.Created((string?)null, added.Value) : ApiProblems.Of(added.Error!);
    }

    private static IResult Answer(Result<ApiTokens> tokens, HttpContext http)
    {
        // RFC 6749 §5.1: nobody on the way may keep a token.
        http.Response.Headers.CacheControl = "no-store";
        return tokens.Error switch
        {
            null => Results.Ok(tokens.Value),
            SignInLocked locked => ApiProblems.TooManyRequests(locked.Wait, locked.Message),
            { } error => ApiProblems.Unauthorized(error.Message),
        };
    }

    private static Dictionary<string, string[]> Missing(params (string? Value, string Field, string Sentence)[] fields) =>
        fields.Where(field => string.IsNullOrWhiteSpace(field.Value)).ToDictionary(field => field.Field, field => new[] { field.Sentence });

    private sealed record LogInRequest(string? Username, string? Password);

    private sealed record RefreshRequest(string? RefreshToken);

    private sealed record AddUserRequest(string? Username, string? Password, Role? Role);

    private sealed record MeResponse(long? UserId, string Username, string? Role, IReadOnlyCollection<string> Permissions);
}
