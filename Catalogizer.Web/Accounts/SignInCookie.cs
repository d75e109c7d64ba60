using System.Security.Claims;
using Catalogizer.Domain.Accounts;
using Catalogizer.Web.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Catalogizer.Web.Accounts;

/// <summary>The cookie of a signed-in browser: how it is set, and how every request validates it.</summary>
internal static class SignInCookie
{
    /// <summary>The cookie that identifies a known browser, also after it was signed out.</summary>
    public const string DeviceCookieName = "catalogizer.device";

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "catalogizer.session";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = AuthService.SessionLifetime;
        options.SlidingExpiration = true;
        options.LoginPath = AccountPaths.SignIn;
        options.AccessDeniedPath = AccountPaths.Denied;
        options.ReturnUrlParameter = AccountPaths.ReturnUrl;
        options.Events.OnValidatePrincipal = ValidateAsync;
        options.Events.OnCheckSlidingExpiration = RenewAsync;
        options.Events.OnRedirectToLogin = context => RespondAsync(context, ApiProblems.Unauthorized());
        options.Events.OnRedirectToAccessDenied = context => RespondAsync(context, ApiProblems.Forbidden());
    }

    /// <summary>Sets the cookies of a session that has just been opened.</summary>
    public static Task SetAsync(HttpContext http, BrowserSession session)
    {
        http.Response.Cookies.Append(DeviceCookieName, session.Device, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            MaxAge = AuthService.DeviceLifetime,
            Path = http.Request.PathBase.HasValue ? http.Request.PathBase.Value : "/",
            IsEssential = true,
        });
        return http.SignInAsync(
            AuthSchemes.Cookie,
            new ClaimsPrincipal(session.Account.ToIdentity(AuthSchemes.Cookie, session.Id)),
            new AuthenticationProperties { IsPersistent = true });
    }

    // The claims in the cookie may be outdated, so permissions come from the current account. An invalid cookie is rejected
    // for this request, but not deleted.
    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var auth = context.HttpContext.RequestServices.GetRequiredService<AuthService>();
        var user = context.Principal!;
        if (await auth.RevalidateAsync(user, context.HttpContext.RequestAborted) is { } account)
        {
            context.ReplacePrincipal(new ClaimsPrincipal(account.ToIdentity(AuthSchemes.Cookie, user.FindFirstValue(AccountClaims.Session))));
        }
        else
        {
            context.RejectPrincipal();
        }
    }

    private static async Task RenewAsync(CookieSlidingExpirationContext context)
    {
        if (context.ShouldRenew && context.Principal?.FindUserId() is { } id && context.Principal.FindFirstValue(AccountClaims.Session) is { } session)
        {
            await context.HttpContext.RequestServices.GetRequiredService<AuthService>().RenewSessionAsync(id, session, context.HttpContext.RequestAborted);
        }
    }

    private static Task RespondAsync(RedirectContext<CookieAuthenticationOptions> context, IResult problem)
    {
        if (context.Request.IsApi())
        {
            return problem.ExecuteAsync(context.HttpContext);
        }

        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }
}
