using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Metadata;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Metadata;

/// <summary>A catalogue whose providers all use a server of the test.</summary>
internal sealed class ProviderHarness : IAsyncDisposable
{
    private ProviderHarness(TestProvider server, TestCatalog catalog) => (Server, Catalog) = (server, catalog);

    public TestProvider Server { get; }

    public TestCatalog Catalog { get; }

    public ProviderManager Providers => Catalog.Services.GetRequiredService<ProviderManager>();

    public ProviderResponseCache Cache => Catalog.Services.GetRequiredService<ProviderResponseCache>();

    /// <param name="configure">Configures the providers; their addresses are already the server's.</param>
    public static async Task<ProviderHarness> StartAsync(Action<MetadataOptions> configure, TimeProvider? time = null, TemporaryFolder? home = null, Action<IServiceCollection>? configureServices = null)
    {
        var server = await TestProvider.StartAsync();
        return new ProviderHarness(server, CreateCatalog(server, configure, time, home, configureServices));
    }

    /// <summary>A catalogue that uses an existing server.</summary>
    public static TestCatalog CreateCatalog(TestProvider server, Action<MetadataOptions> configure, TimeProvider? time = null, TemporaryFolder? home = null, Action<IServiceCollection>? configureServices = null) => new(
        time,
        home,
        services =>
        {
            services.Configure<MetadataOptions>(options =>
            {
                foreach (var provider in new[] { options.Tmdb, options.Tvdb, options.Omdb, options.MusicBrainz, options.Spotify, options.Steam })
                {
                    (provider.BaseAddress, provider.ImageBaseAddress) = (server.Address, server.Address);
                }

                configure(options);
            });
            configureServices?.Invoke(services);
        });

    public IMetadataProvider FindProvider(string name) => Providers.Find(name)!;

    public Task<IReadOnlyList<Domain.Metadata.Metadata>> SearchAsync(string provider, MediaKind kind, string title, int? year = null, string? artist = null) =>
        FindProvider(provider).SearchAsync(CreateQuery(kind, title, year, artist), default);

    public static MetadataQuery CreateQuery(MediaKind kind, string title, int? year = null, string? artist = null) => new(kind, title, year, artist, new Dictionary<string, string>());

    public async ValueTask DisposeAsync()
    {
        await Catalog.DisposeAsync();
        await Server.DisposeAsync();
    }
}
