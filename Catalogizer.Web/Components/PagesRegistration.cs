using Catalogizer.Domain.Accounts;
using Catalogizer.Web.Accounts;
using Catalogizer.Web.Components.Sources;
using Catalogizer.Web.Hosting;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Radzen;

namespace Catalogizer.Web.Components;

/// <summary>The product's pages, drawn here and kept alive over a circuit.</summary>
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

    /// <summary>Comes first, so that whatever ends without an answer of its own gets the page that says so.</summary>
    public static WebApplication UsePages(this WebApplication app)
    {
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        return app;
    }

    /// <summary>Comes after authentication and authorization.</summary>
    public static WebApplication MapPages(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();

        // Where the job dashboard of other programs lies.
        app.MapGet("/hangfire", () => Results.LocalRedirect("~/" + CatalogUrls.Jobs)).RequirePermission(Permission.JobsManage).ExcludeFromDescription();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ConfigureWebSocketAcceptContext = CompressMessagesIndependently);
        return app;
    }

    /// <summary>
    /// What one message was packed with is not kept for the next: a window of its own takes more memory than the rest of an idle
    /// page's connection (RFC 7692, 7.1.1.1).
    /// </summary>
    private static Task CompressMessagesIndependently(HttpContext http, WebSocketAcceptContext socket)
    {
        (socket.DangerousEnableCompression, socket.DisableServerContextTakeover) = (true, true);
        return Task.CompletedTask;
    }
}
