using Catalogizer.Domain.Accounts;
using Radzen;

namespace Catalogizer.Tests.Support;

/// <summary>Components drawn over a real catalogue, for somebody who may look at media and sources.</summary>
public abstract class CataloguePageTest : PageTest, IAsyncLifetime
{
    private protected TestCatalogue Catalogue { get; }

    protected CataloguePageTest()
        : this(new TestCatalogue())
    {
    }

    private CataloguePageTest(TestCatalogue catalogue)
        : base(null, services => catalogue.ShareWith(services.AddRadzenComponents()), Permission.SourcesView) => Catalogue = catalogue;

    Task IAsyncLifetime.InitializeAsync() => Task.CompletedTask;

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await Catalogue.DisposeAsync();
    }
}
