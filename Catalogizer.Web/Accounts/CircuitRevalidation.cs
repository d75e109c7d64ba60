using System.Security.Claims;
using Catalogizer.Domain.Accounts;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Catalogizer.Web.Accounts;

/// <summary>
/// Revalidates the user of an open page, which outlives its request: whenever this process changes the account or its sessions,
/// and once a minute for changes that raise no event. If access has ended, the page continues as anonymous.
/// </summary>
internal sealed class CircuitRevalidation : RevalidatingServerAuthenticationStateProvider
{
    private static readonly AuthenticationState Anonymous = new(new ClaimsPrincipal(new ClaimsIdentity()));

    private readonly AuthService _auth;
    private readonly ILogger<CircuitRevalidation> _logger;
    private readonly IDisposable _subscription;

    public CircuitRevalidation(ILoggerFactory logging, AuthService auth)
        : base(logging)
    {
        (_auth, _logger) = (auth, logging.CreateLogger<CircuitRevalidation>());
        _subscription = auth.OnChange(id => _ = Task.Run(() => RevalidateAsync(id)));
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        await _auth.RevalidateAsync(authenticationState.User, cancellationToken) is not null;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _subscription.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task RevalidateAsync(long changedUserId)
    {
        try
        {
            var state = await GetAuthenticationStateAsync();
            if (state.User.FindUserId() == changedUserId && await _auth.RevalidateAsync(state.User, CancellationToken.None) is null)
            {
                SetAuthenticationState(Task.FromResult(Anonymous));
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or ObjectDisposedException)
        {
            // A request that renders no page has no authentication state, and one that has ended no longer needs it.
            _logger.LogDebug(exception, "A change of account {Account} had no page to tell.", changedUserId);
        }
    }
}
