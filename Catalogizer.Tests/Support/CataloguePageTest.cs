using Bunit;
using Catalogizer.Domain.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using Radzen.Blazor.Rendering;

namespace Catalogizer.Tests.Support;

/// <summary>Components drawn over a real catalogue, for somebody who may look at media and sources.</summary>
public abstract class CataloguePageTest : PageTest, IAsyncLifetime
{
    private protected TestCatalogue Catalogue { get; }

    /// <param name="more">Adds to the services.</param>
    protected CataloguePageTest(Action<IServiceCollection>? more = null)
        : this(new TestCatalogue(more: more))
    {
    }

    private CataloguePageTest(TestCatalogue catalogue)
        : base(null, services => catalogue.ShareWith(services.AddRadzenComponents()), Permission.SourcesView)
    {
        Catalogue = catalogue;
        JSInterop.Setup<Rect>("Radzen.createChart", _ => true).SetResult(new Rect { Width = 600, Height = 300 });
    }

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await Catalogue.DisposeAsync();
    }
}
