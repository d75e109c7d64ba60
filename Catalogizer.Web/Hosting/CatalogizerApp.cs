using Catalogizer.Domain;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Catalogizer.Jobs;
using Catalogizer.Web.Accounts;
using Catalogizer.Web.Api;
using Catalogizer.Web.Components;
using Catalogizer.Web.Hosting.Logging;

namespace Catalogizer.Web.Hosting;

/// <summary>Builds the web app from its parts: settings, storage, domain, pages, API.</summary>
public static class CatalogizerApp
{
    /// <param name="settings">Settings as "--Key=value", for tests; they override files and environment variables.</param>
    /// <param name="configureServices">Registers further services, for tests.</param>
    /// <exception cref="StartupException">Something must be corrected before the app can start.</exception>
    public static WebApplication Create(string[] settings, Action<IServiceCollection>? configureServices = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = settings,
            ApplicationName = typeof(CatalogizerApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        Settings.Load(builder.Configuration, settings);
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);

        var home = Settings.Home;
        var options = Settings.LoadStorageOptions(builder.Configuration);
        var data = DataDirectory.Open(options, home);
        data.AcquireLock();
        var passphrase = DatabaseKey.GetOrCreate(options, data, home, out var madeKey);
        builder.Services.AddStorage(data, passphrase);
        builder.Services.AddDomain(builder.Configuration);
        builder.Services.AddJobs(data, passphrase);
        builder.AddConsoleLog();
        builder.AddAccountsWeb();
        builder.Services.AddSettings<ProxyOptions>(builder.Configuration);
        builder.Services.AddSettings<PublicOptions>(builder.Configuration);
        builder.Services.AddApi();
        builder.AddPages();
        configureServices?.Invoke(builder.Services);

        var app = builder.Build();
        app.Services.CheckSettings();
        if (madeKey is not null)
        {
            app.Logger.LogWarning("A database key was made at {KeyFile}. Back it up apart from the data: without it the catalogue cannot be opened.", madeKey);
        }

        app.UseProxyMarker();
        app.UseTrustedProxy();
        app.UseKnownHosts();
        app.UseCookieNames();
        app.UsePages();
        app.UseAccounts();
        app.MapAccounts();
        app.MapApi();
        app.MapPages();
        return app;
    }
}
