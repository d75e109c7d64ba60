using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Common;

namespace Catalogizer.Web.Accounts;

/// <summary>Too many attempts from one network or browser.</summary>
internal sealed record TooManyAttempts(TimeSpan RetryAfter) : TooManyRequestsError($"Too many attempts. Try again in {SignInLimiter.ToRetryAfterHeader(RetryAfter)} seconds.", RetryAfter);

/// <summary>Handles the sign-in and setup forms. Its methods return null if the browser is signed in, otherwise the error to show.</summary>
internal sealed class FormSignIn(AuthService auth, FirstRun firstRun, PasswordLinks links, SignInLimiter limiter)
{
    public async Task<Error?> SignInAsync(HttpContext http, string? name, string? password)
    {
        if (string.IsNullOrWhiteSpace(name) || string.IsNullOrEmpty(password))
        {
            return new InvalidError(string.IsNullOrWhiteSpace(name) ? "username" : "password", "Give your user name and your password.");
        }

        if (CheckRateLimit(http) is { } tooManyAttempts)
        {
            return tooManyAttempts;
        }

        var session = await auth.SignInAsync(name, password, http.ToSignInOrigin(), http.RequestAborted);
        return session.IsOk ? await CompleteAsync(http, session.Value) : Reject(http, session.Error!);
    }

    /// <summary>The second step, for accounts with two-factor authentication.</summary>
    public async Task<Error?> SignInWithCodeAsync(HttpContext http, string? ticket, string? code)
    {
        if (CheckRateLimit(http) is { } tooManyAttempts)
        {
            return tooManyAttempts;
        }

        var session = await auth.SignInWithCodeAsync(ticket, code, http.ToSignInOrigin(), http.RequestAborted);
        return session.IsOk ? await CompleteAsync(http, session.Value) : Reject(http, session.Error!);
    }

    /// <summary>Uses up a password link and signs in with the password just chosen. A two-factor code is required as at every sign-in.</summary>
    public async Task<Error?> ChoosePasswordAsync(HttpContext http, string? token, string? password)
    {
        if (CheckRateLimit(http) is { } tooManyAttempts)
        {
            return tooManyAttempts;
        }

        return await CompleteAsync(http, await links.RedeemAsync(token, password, http.ToActor().Address, http.RequestAborted));
    }

    public async Task<Error?> SetupAsync(HttpContext http, string? token, string? name, string? password)
    {
        if (CheckRateLimit(http) is { } tooManyAttempts)
        {
            return tooManyAttempts;
        }

        return await CompleteAsync(http, await firstRun.CompleteAsync(token, name, password, http.ToActor().Address, http.RequestAborted));
    }

    private async Task<Error?> CompleteAsync(HttpContext http, Result<Account> account) => account.IsOk
        ? await CompleteAsync(http, await auth.OpenSessionAsync(account.Value, http.ToSignInOrigin(), http.RequestAborted))
        : Reject(http, account.Error!);

    private static async Task<Error?> CompleteAsync(HttpContext http, BrowserSession session)
    {
        await SignInCookie.SetAsync(http, session);
        return null;
    }

    private Error? CheckRateLimit(HttpContext http) => limiter.Consume(http) is { } wait ? Reject(http, new TooManyAttempts(wait)) : null;

    private static Error Reject(HttpContext http, Error error)
    {
        http.Response.StatusCode = error switch
        {
            TooManyRequestsError => StatusCodes.Status429TooManyRequests,
            UnavailableError => StatusCodes.Status503ServiceUnavailable,
            TwoFactorRequired => StatusCodes.Status200OK,
            SetupAlreadyCompleted or SetupTokenInvalid or PasswordLinkExpired => StatusCodes.Status403Forbidden,
            InvalidCredentials or TwoFactorCodeInvalid or TwoFactorExpired => StatusCodes.Status401Unauthorized,
            _ => StatusCodes.Status400BadRequest,
        };
        if (error switch { TooManyRequestsError tooMany => tooMany.RetryAfter, UnavailableError unavailable => unavailable.RetryAfter, _ => null } is { } wait)
        {
            http.Response.Headers.RetryAfter = SignInLimiter.ToRetryAfterHeader(wait);
        }

        return error;
    }
}
