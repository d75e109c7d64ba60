using System.Security.Claims;
using Catalogizer.Domain.Accounts;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace Catalogizer.Web.Accounts;

/// <summary>
/// An open page outlives the request it came with. It is asked again whether its visitor may stay whenever the account or its
/// sessions change here, and once a minute for what nobody told of. When it may not, the page is for nobody.
/// </summary>
internal sealed class CircuitRevalidation : RevalidatingServerAuthenticationStateProvider
{
    private static readonly AuthenticationState Nobody = new(new ClaimsPrincipal(new ClaimsIdentity()));

    private readonly AuthService _auth;
    private readonly ILogger<CircuitRevalidation> _logger;
    private readonly IDisposable _listening;

    public CircuitRevalidation(ILoggerFactory logging, AuthService auth)
        : base(logging)
    {
        (_auth, _logger) = (auth, logging.CreateLogger<CircuitRevalidation>());
        _listening = auth.OnChange(id => _ = Task.Run(() => LookAsync(id)));
    }

    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        await _auth.RevalidateAsync(authenticationState.User, cancellationToken) is not null;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _listening.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task LookAsync(long changed)
    {
        try
        {
            var state = await GetAuthenticationStateAsync();
            if (state.User.FindUserId() == changed && await _auth.RevalidateAsync(state.User, CancellationToken.None) is null)
            {
                SetAuthenticationState(Task.FromResult(Nobody));
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or ObjectDisposedException)
        {
            // A request that draws no page has no state to look at, and one that ended has nobody to tell.
            _logger.LogDebug(exception, "A change of account {Account} had no page to tell.", changed);
        }
    }
}
