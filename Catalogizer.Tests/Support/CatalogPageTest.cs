using Bunit;
using Catalogizer.Domain.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using Radzen.Blazor.Rendering;

namespace Catalogizer.Tests.Support;

/// <summary>Components rendered over a real catalogue, for a user who may view media and sources.</summary>
public abstract class CatalogPageTest : PageTest, IAsyncLifetime
{
    private protected TestCatalog Catalog { get; }

    /// <param name="configureServices">Adds to the services.</param>
    protected CatalogPageTest(Action<IServiceCollection>? configureServices = null)
        : this(new TestCatalog(configureServices: configureServices))
    {
    }

    private CatalogPageTest(TestCatalog catalog)
        : base(null, services => catalog.AddServicesTo(services.AddRadzenComponents()), Permission.SourcesView)
    {
        Catalog = catalog;
        JSInterop.Setup<Rect>("Radzen.createChart", _ => true).SetResult(new Rect { Width = 600, Height = 300 });
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await Catalog.DisposeAsync();
    }
}
