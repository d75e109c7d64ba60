using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Metadata;

/// <summary>A catalogue whose providers all answer from a server of the test.</summary>
internal sealed class ProviderBench : IAsyncDisposable
{
    private ProviderBench(TestProvider server, TestCatalogue catalogue) => (Server, Catalogue) = (server, catalogue);

    public TestProvider Server { get; }

    public TestCatalogue Catalogue { get; }

    public ProviderManager Providers => Catalogue.Services.GetRequiredService<ProviderManager>();

    public ProviderResponseCache Cache => Catalogue.Services.GetRequiredService<ProviderResponseCache>();

    /// <param name="set">Sets providers up; their addresses are the server's already.</param>
    public static async Task<ProviderBench> StartAsync(Action<MetadataOptions> set, TimeProvider? time = null, TemporaryFolder? home = null, Action<IServiceCollection>? more = null)
    {
        var server = await TestProvider.StartAsync();
        return new ProviderBench(server, Over(server, set, time, home, more));
    }

    /// <summary>A catalogue over a server that is there already.</summary>
    public static TestCatalogue Over(TestProvider server, Action<MetadataOptions> set, TimeProvider? time = null, TemporaryFolder? home = null, Action<IServiceCollection>? more = null) => new(
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

                set(options);
            });
            more?.Invoke(services);
        });

    public IMetadataProvider Provider(string name) => Providers.Find(name)!;

    public Task<IReadOnlyList<Domain.Metadata.Metadata>> SearchAsync(string provider, MediaKind kind, string title, int? year = null, string? artist = null) =>
        Provider(provider).SearchAsync(Work(kind, title, year, artist), default);

    public static MetadataQuery Work(MediaKind kind, string title, int? year = null, string? artist = null) => new(kind, title, year, artist, new Dictionary<string, string>());

    public async ValueTask DisposeAsync()
    {
        await Catalogue.DisposeAsync();
        await Server.DisposeAsync();
    }
}
