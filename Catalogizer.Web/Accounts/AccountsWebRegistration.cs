using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Web.Api;
using Catalogizer.Web.Hosting;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;

namespace Catalogizer.Web.Accounts;

/// <summary>Adds sign-in for pages and the API, and rejects requests without access.</summary>
internal static class AccountsWebRegistration
{
    public static void AddAccountsWeb(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddAccounts(builder.Configuration);
        services.AddHostedService<AccountsStartup>();

        services.AddSettings<SignInOptions>(builder.Configuration);
        services.AddSingleton<SignInLimiter>();
        services.AddSettings<LimitOptions>(builder.Configuration);
        services.AddSingleton<ConnectionLimits>();
        services.AddAuthentication(AuthSchemes.ByRequest)
            .AddPolicyScheme(AuthSchemes.ByRequest, null, options => options.ForwardDefaultSelector = AuthSchemes.For)
            .AddCookie(AuthSchemes.Cookie, SignInCookie.Configure)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(AuthSchemes.Bearer, null);
        services.AddPermissionPolicies();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, DeniedRequestHandler>();
        builder.Logging.AddFilter(typeof(BearerHandler).FullName, LogLevel.Warning);

        services.AddScoped<FormSignIn>();
        services.AddScoped<CurrentActor>();
        services.AddScoped<AuthenticationStateProvider, CircuitRevalidation>();
        services.AddCascadingAuthenticationState();
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "catalogizer.antiforgery";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
        services.AddApiJson();
    }

    /// <summary>Must come before everything that answers requests.</summary>
    /// <exception cref="StartupException">The first admin in the settings cannot be created.</exception>
    public static void UseAccounts(this WebApplication app)
    {
        app.Services.GetRequiredService<AdminBootstrap>().Validate();
        app.UseSecurityHeaders();
        app.UseWhen(http => http.Request.IsApi(), api => api.UseApiExceptionHandler());
        app.UseSameOrigin();
        app.UseAuthentication();
        app.UseAuthorization();
        ConnectionLimits.UsePageLimits(app);
        app.UseAntiforgery();
        SetupLink.PrintWhenStarted(app);
    }

    public static void MapAccounts(this WebApplication app)
    {
        app.MapAuth();
        app.MapUsers();
        app.MapPost(AccountPaths.SignOut, SignOutAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, IAntiforgery antiforgery, AuthService auth, CancellationToken cancellation)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
        {
            return Results.Problem("This form is too old. Reload the page and try again.", statusCode: StatusCodes.Status400BadRequest);
        }

        await auth.SignOutAsync(http.ToActor(), http.User.FindFirst(AccountClaims.Session)?.Value, cancellation);
        await http.SignOutAsync(AuthSchemes.Cookie);
        return Results.LocalRedirect("~" + AccountPaths.SignIn);
    }
}
