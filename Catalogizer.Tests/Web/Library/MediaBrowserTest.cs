using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Library;

/// <summary>A catalogue of several hundred items, created once for all tests of a class.</summary>
public sealed class LibraryFixture : IAsyncLifetime
{
    public const int ItemCount = 600;

    internal TestCatalog Catalog { get; private set; } = null!;

    internal BlockingReader Reader { get; private set; } = null!;

    public Task InitializeAsync()
    {
        Catalog = new TestCatalog(configureServices: services =>
            services.AddSingleton<ICatalogReader>(provider => Reader = new BlockingReader(provider.GetRequiredService<CatalogReader>())));
        using var connection = Catalog.Services.GetRequiredService<SqliteFile>().OpenConnection();
        SyntheticCatalog.Fill(connection, ItemCount);
        Catalog.Services.GetRequiredService<ICatalogReader>();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await Catalog.DisposeAsync();
}

/// <summary>The library page over that catalogue, with the test's own events.</summary>
public abstract class MediaBrowserTest : PageTest
{
    /// <summary>The width reported to the page, in pixels, from which the columns follow.</summary>
    protected const int Width = 800;

    protected static readonly int Columns = CardGrid.ForWidth(Width).Columns;

    /// <summary>The number of prerendered items.</summary>
    protected const int FirstItemCount = 36;

    private const string LinkSelector = ".card-link, .row-title > a";

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly LibraryFixture _library;

    protected MediaBrowserTest(LibraryFixture library, TimeProvider? time = null)
        : base(
            time,
            services =>
            {
                library.Catalog.AddServicesTo(services);
                services.AddSingleton<EventStreamer>();
            },
            Permission.SourcesView)
    {
        _library = library;
        Reader.Reset();
        Script = JSInterop.SetupModule("./assets/js/library.js");
        Script.Mode = JSRuntimeMode.Loose;
    }

    private protected BlockingReader Reader => _library.Reader;

    private protected TestCatalog Catalog => _library.Catalog;

    /// <summary>The page's calls to the browser.</summary>
    protected BunitJSModuleInterop Script { get; }

    protected BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    /// <summary>The current address, relative to the root.</summary>
    protected string Address => Navigation.ToBaseRelativePath(Navigation.Uri);

    /// <summary>Opens the page as it is before the browser has reported its width.</summary>
    protected IRenderedComponent<MediaBrowser> Open(string address = "library")
    {
        Navigation.NavigateTo(address);
        return Render<MediaBrowser>();
    }

    /// <summary>Opens the page and waits for its grid or its list.</summary>
    protected async Task<IRenderedComponent<MediaBrowser>> OpenWideAsync(string address = "library")
    {
        var page = Open(address);
        await page.InvokeAsync(() => page.Instance.OnWidth(Width));
        WaitForAssertion(page, () => Assert.True(page.FindAll(".loading, .cards-first, .card-waiting, .row-waiting").Count == 0 && page.FindAll(LinkSelector).Count > 0));
        return page;
    }

    /// <summary>Waits until the page is rendered so that an assertion holds.</summary>
    protected static void WaitForAssertion(IRenderedComponent<MediaBrowser> page, Action assertion) => page.WaitForAssertion(assertion, WaitTimeout);

    protected static IEnumerable<long> ReadShownIds(IRenderedComponent<MediaBrowser> page, string links = LinkSelector) =>
        page.FindAll(links).Select(link => long.Parse(link.GetAttribute("href")!["item/".Length..], System.Globalization.CultureInfo.InvariantCulture));

    protected static string ReadSummary(IRenderedComponent<MediaBrowser> page) => page.Find("[role=status]").TextContent;

    protected static IElement FindButton(IRenderedComponent<MediaBrowser> page, string label) => page.Find($"button[aria-label='{label}']");

    private protected async Task<IEnumerable<long>> ExpectedAsync(MediaQuery query, int count) =>
        (await Catalog.Services.GetRequiredService<CatalogReader>().WindowAsync(query, 0, count, default)).Select(item => item.Id);
}
