using Catalogizer.Domain.Accounts;
using Microsoft.AspNetCore.Components.Authorization;

namespace Catalogizer.Web.Accounts;

/// <summary>Who is signed in on this circuit or request, as the services ask for it.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication)
{
    public async Task<Actor> GetAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        return user.ToActor();
    }
}
