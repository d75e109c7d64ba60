using System.Security.Claims;
using System.Text.Encodings.Web;
using Catalogizer.Domain.Accounts;
using Catalogizer.Web.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Catalogizer.Web.Accounts;

/// <summary>Reads the access token or the key of a request. The permissions are the account's of now, not those of the token's day.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, AuthService auth, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    private const string Prefix = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Request.CarriesBearer())
        {
            return AuthenticateResult.NoResult();
        }

        var token = TokenOf(Request);
        var (identity, expires) = IsKey(token)
            ? await keys.ValidateAsync(token, Context.RequestAborted) is { } key ? (key.Account.ToIdentity(Scheme.Name), key.ExpiresAt) : default
            : await auth.ValidateTokenAsync(token, Context.RequestAborted) is { } held ? (held.Account.ToIdentity(Scheme.Name, apiSession: held.Session), held.ExpiresAt) : default;
        return identity is not null
            ? AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), new AuthenticationProperties { ExpiresUtc = expires }, Scheme.Name))
            : AuthenticateResult.Fail("The access token or key is not valid, or not any more.");
    }

    internal static string TokenOf(HttpRequest request) => request.Headers.Authorization.ToString()[Prefix.Length..].Trim();

    internal static bool IsKey(string token) => token.StartsWith(ApiKeys.Prefix, StringComparison.Ordinal);

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ApiProblems.Unauthorized().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ApiProblems.Forbidden().ExecuteAsync(Context);
}
