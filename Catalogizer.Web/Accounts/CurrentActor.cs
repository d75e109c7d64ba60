using Catalogizer.Domain.Catalog;
using Microsoft.AspNetCore.Components.Authorization;

namespace Catalogizer.Web.Accounts;

/// <summary>The user of this circuit or request, as the actor that services require.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication)
{
    public async Task<Actor> GetAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        return user.ToActor();
    }
}
