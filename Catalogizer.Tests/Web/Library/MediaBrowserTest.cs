using AngleSharp.Dom;
using Bunit;
using Bunit.TestDoubles;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Library;

/// <summary>A catalogue of several hundred works, made once for all tests of a class.</summary>
public sealed class LibraryFixture : IAsyncLifetime
{
    public const int Works = 600;

    internal TestCatalogue Catalogue { get; private set; } = null!;

    internal HeldReader Reader { get; private set; } = null!;

    public Task InitializeAsync()
    {
        Catalogue = new TestCatalogue(more: services =>
            services.AddSingleton<ICatalogReader>(provider => Reader = new HeldReader(provider.GetRequiredService<CatalogReader>())));
        using var connection = Catalogue.Services.GetRequiredService<SqliteFile>().OpenConnection();
        MadeCatalogue.Fill(connection, Works);
        Catalogue.Services.GetRequiredService<ICatalogReader>();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await Catalogue.DisposeAsync();
}

/// <summary>The library page over that catalogue, with events of the test's own.</summary>
public abstract class MediaBrowserTest : PageTest
{
    /// <summary>How wide the page is told to be, and how many cards that makes a row.</summary>
    protected const int Width = 800;

    protected static readonly int Columns = CardGrid.ForWidth(Width).Columns;

    /// <summary>Works that the page is sent with.</summary>
    protected const int First = 36;

    private const string Links = ".card-link, .row-title > a";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LibraryFixture _library;

    protected MediaBrowserTest(LibraryFixture library, TimeProvider? time = null)
        : base(
            time,
            services =>
            {
                library.Catalogue.ShareWith(services);
                services.AddSingleton<EventStreamer>();
            },
            Permission.SourcesView)
    {
        _library = library;
        Reader.Release();
        Script = JSInterop.SetupModule("./assets/js/library.js");
        Script.Mode = JSRuntimeMode.Loose;
    }

    private protected HeldReader Reader => _library.Reader;

    private protected TestCatalogue Catalogue => _library.Catalogue;

    /// <summary>What the page asks of the browser.</summary>
    protected BunitJSModuleInterop Script { get; }

    protected BunitNavigationManager Navigation => Services.GetRequiredService<BunitNavigationManager>();

    /// <summary>Where the reader is, from the root on.</summary>
    protected string Address => Navigation.ToBaseRelativePath(Navigation.Uri);

    /// <summary>Opens the page as it is before the browser has told its width.</summary>
    protected IRenderedComponent<MediaBrowser> Open(string address = "library")
    {
        Navigation.NavigateTo(address);
        return Render<MediaBrowser>();
    }

    /// <summary>Opens the page and waits for its wall or its list.</summary>
    protected async Task<IRenderedComponent<MediaBrowser>> OpenWideAsync(string address = "library")
    {
        var page = Open(address);
        await page.InvokeAsync(() => page.Instance.OnWidth(Width));
        Sees(page, () => Assert.True(page.FindAll(".loading, .cards-first, .card-waiting, .row-waiting").Count == 0 && page.FindAll(Links).Count > 0));
        return page;
    }

    /// <summary>Waits for the page to be drawn so that an assertion holds.</summary>
    protected static void Sees(IRenderedComponent<MediaBrowser> page, Action assertion) => page.WaitForAssertion(assertion, Patience);

    protected static IEnumerable<long> Shown(IRenderedComponent<MediaBrowser> page, string links = Links) =>
        page.FindAll(links).Select(link => long.Parse(link.GetAttribute("href")!["item/".Length..], System.Globalization.CultureInfo.InvariantCulture));

    protected static string Summary(IRenderedComponent<MediaBrowser> page) => page.Find("[role=status]").TextContent;

    protected static IElement Button(IRenderedComponent<MediaBrowser> page, string label) => page.Find($"button[aria-label='{label}']");

    private protected async Task<IEnumerable<long>> ExpectedAsync(MediaQuery query, int count) =>
        (await Catalogue.Services.GetRequiredService<CatalogReader>().WindowAsync(query, 0, count, default)).Select(item => item.Id);
}
