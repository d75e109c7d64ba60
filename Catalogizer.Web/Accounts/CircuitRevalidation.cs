using Catalogizer.Domain.Accounts;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Catalogizer.Web.Accounts;

/// <summary>An open page outlives the request it came with: once a minute it is asked again whether its visitor may stay.</summary>
internal sealed class CircuitRevalidation(ILoggerFactory logging, AuthService auth) : RevalidatingServerAuthenticationStateProvider(logging)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        await auth.RevalidateAsync(authenticationState.User, cancellationToken) is not null;
}
