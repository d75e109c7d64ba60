using Catalogizer.Domain.Catalog;
using Catalogizer.Web.Accounts;
using Catalogizer.Web.Components.Sources;
using Catalogizer.Web.Hosting;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Radzen;

namespace Catalogizer.Web.Components;

/// <summary>The app's pages, rendered on the server and kept live over a circuit.</summary>
public static class PagesRegistration
{
    public static WebApplicationBuilder AddPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddRadzenComponents();
        builder.Services.AddScoped<SourceWizardState>();
        builder.Services.AddScoped<CircuitHandler, CircuitCounter>();
        return builder;
    }

    /// <summary>Must come first, so that every error response without content gets the not-found page.</summary>
    public static WebApplication UsePages(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        return app;
    }

    /// <summary>Must come after authentication and authorization.</summary>
    public static WebApplication MapPages(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();

        // The job dashboard of other programs has this URL.
        app.MapGet("/hangfire", () => Results.LocalRedirect("~/" + CatalogUrls.Jobs)).RequirePermission(Permission.JobsManage).ExcludeFromDescription();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ConfigureWebSocketAcceptContext = CompressMessagesIndependently);
        return app;
    }

    /// <summary>
    /// Compresses each message separately: a compression window per connection takes more memory than the rest of an idle page's
    /// connection (RFC 7692, 7.1.1.1).
    /// </summary>
    private static Task CompressMessagesIndependently(HttpContext http, WebSocketAcceptContext socket)
    {
        (socket.DangerousEnableCompression, socket.DisableServerContextTakeover) = (true, true);
        return Task.CompletedTask;
    }
}
