using System.Security.Claims;
using Bunit;
using Bunit.TestDoubles;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Support;

/// <summary>Components rendered as on a live circuit, for a user who may view but not change.</summary>
public abstract class PageTest : BunitContext
{
    /// <summary>Rendering is slow on a busy machine.</summary>
    static PageTest() => DefaultWaitTimeout = TimeSpan.FromSeconds(20);

    /// <param name="configureServices">Adds the services that the components need.</param>
    /// <param name="extraPermissions">Permissions in addition to viewing media.</param>
    protected PageTest(TimeProvider? time = null, Action<IServiceCollection>? configureServices = null, params string[] extraPermissions)
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddSingleton(time ?? TimeProvider.System);
        Services.AddSingleton<EventStreamer>();
        Services.AddScoped<CurrentActor>();
        PersistedState = AddBunitPersistentComponentState();
        configureServices?.Invoke(Services);
        Visitor = AddAuthorization();
        Visitor.SetAuthorized("mira").SetClaims(
            [new Claim("user_id", "7"), new Claim("username", "mira"), new Claim("permissions", Permission.MediaView), .. extraPermissions.Select(permission => new Claim("permissions", permission))]);
        SetRendererInfo(new RendererInfo("Server", true));
    }

    /// <summary>The prerendered state of a page, for its circuit.</summary>
    protected BunitPersistentComponentState PersistedState { get; }

    /// <summary>The signed-in user; a test may change it.</summary>
    protected BunitAuthorizationContext Visitor { get; }

    protected EventStreamer Streamer => Services.GetRequiredService<EventStreamer>();
}
