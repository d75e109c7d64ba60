using System.Security.Claims;
using System.Text.Encodings.Web;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Web.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Catalogizer.Web.Accounts;

/// <summary>Authenticates a request by its access token or API key, with the account's current permissions, not those in the token.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AuthService auth, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Request.HasBearerToken())
        {
            return AuthenticateResult.NoResult();
        }

        var token = GetToken(Request);
        var (identity, expires) = IsApiKey(token)
            ? await keys.ValidateAsync(token, Context.RequestAborted) is { } key ? (key.Account.ToIdentity(Scheme.Name), key.ExpiresAt) : default
            : await auth.ValidateTokenAsync(token, Context.RequestAborted) is { } holder ? (holder.Account.ToIdentity(Scheme.Name, apiSession: holder.Session), holder.ExpiresAt) : default;
        return identity is not null
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), new AuthenticationProperties { ExpiresUtc = expires }, Scheme.Name))
            : AuthenticateResult.Fail("The access token or key is not valid, or not any more.");
    }

    internal static string GetToken(HttpRequest request) => request.Headers.Authorization.ToString()[Prefix.Length..].Trim();

    internal static bool IsApiKey(string token) => token.StartsWith(ApiKeys.Prefix, StringComparison.Ordinal);

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ApiProblems.Unauthorized().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ApiProblems.Forbidden().ExecuteAsync(Context);
}
