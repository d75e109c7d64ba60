using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;

namespace Catalogizer.Web.Accounts;

/// <summary>Too many attempts from one network or browser.</summary>
internal sealed record TooManyAttempts(TimeSpan Wait) : Error($"Too many attempts. Try again in {SignInLimiter.RetryAfter(Wait)} seconds.");

/// <summary>What the sign-in and set-up forms do. Null when the browser is signed in, otherwise what to tell the person.</summary>
internal sealed class PageSignIn(AuthService auth, FirstRun firstRun, PasswordLinks links, SignInLimiter limiter)
{
    public async Task<Error?> SignInAsync(HttpContext http, string? name, string? password)
    {
        if (string.IsNullOrWhiteSpace(name) || string.IsNullOrEmpty(password))
        {
            return new InvalidError(string.IsNullOrWhiteSpace(name) ? "username" : "password", "Give your user name and your password.");
        }

        if (Limited(http) is { } later)
        {
            return later;
        }

        var session = await auth.SignInAsync(name, password, http.ToSignInPlace(), http.RequestAborted);
        return session.IsOk ? await EnterAsync(http, session.Value) : Refused(http, session.Error!);
    }

    /// <summary>The second step, for accounts with a second factor.</summary>
    public async Task<Error?> SignInWithCodeAsync(HttpContext http, string? ticket, string? code)
    {
        if (Limited(http) is { } later)
        {
            return later;
        }

        var session = await auth.SignInWithCodeAsync(ticket, code, http.ToSignInPlace(), http.RequestAborted);
        return session.IsOk ? await EnterAsync(http, session.Value) : Refused(http, session.Error!);
    }

    /// <summary>Spends a link and signs in with the password just chosen; the code of a second factor is asked for as at every sign-in.</summary>
    public async Task<Error?> ChoosePasswordAsync(HttpContext http, string? token, string? password)
    {
        if (Limited(http) is { } later)
        {
            return later;
        }

        return await EnterAsync(http, await links.RedeemAsync(token, password, http.ToActor().Address, http.RequestAborted));
    }

    public async Task<Error?> SetUpAsync(HttpContext http, string? token, string? name, string? password)
    {
        if (Limited(http) is { } later)
        {
            return later;
        }

        return await EnterAsync(http, await firstRun.CompleteAsync(token, name, password, http.ToActor().Address, http.RequestAborted));
    }

    private async Task<Error?> EnterAsync(HttpContext http, Result<Account> proven) => proven.IsOk
        ? await EnterAsync(http, await auth.OpenSessionAsync(proven.Value, http.ToSignInPlace(), http.RequestAborted))
        : Refused(http, proven.Error!);

    private static async Task<Error?> EnterAsync(HttpContext http, BrowserSession session)
    {
        await SignInCookie.SetAsync(http, session);
        return null;
    }

    private TooManyAttempts? Limited(HttpContext http)
    {
        if (limiter.Count(http) is not { } wait)
        {
            return null;
        }

        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = SignInLimiter.RetryAfter(wait);
        return new TooManyAttempts(wait);
    }

    private static Error Refused(HttpContext http, Error error)
    {
        http.Response.StatusCode = error switch
        {
            SignInLocked => StatusCodes.Status429TooManyRequests,
            SignInBusy => StatusCodes.Status503ServiceUnavailable,
            TwoFactorRequired => StatusCodes.Status200OK,
            SetupAlreadyCompleted or SetupTokenInvalid or PasswordLinkExpired => StatusCodes.Status403Forbidden,
            InvalidCredentials or TwoFactorCodeInvalid or TwoFactorExpired => StatusCodes.Status401Unauthorized,
            _ => StatusCodes.Status400BadRequest,
        };
        if (error switch { SignInLocked locked => locked.RetryAfter, SignInBusy => SignInBusy.RetryAfter, _ => default(TimeSpan?) } is { } wait)
        {
            http.Response.Headers.RetryAfter = SignInLimiter.RetryAfter(wait);
        }

        return error;
    }
}
