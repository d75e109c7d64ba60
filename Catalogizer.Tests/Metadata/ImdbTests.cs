using System.IO.Compression;
using System.Text;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Metadata.Imdb;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Metadata;

/// <summary>Import and search of IMDb's data files.</summary>
public sealed class ImdbTests : IAsyncLifetime
{
    private const string Basics = "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\truntimeMinutes\tgenres\n"
        + "tt0133093\tmovie\tThe Matrix\tThe Matrix\t0\t1999\t\\N\t136\tAction,Sci-Fi\n"
        + "tt0211915\tmovie\tAmélie\tLe fabuleux destin d'Amélie Poulain\t0\t2001\t\\N\t122\tComedy\n"
        + "tt0087182\tmovie\tDune\tDune\t0\t1984\t\\N\t137\t\\N\n"
        + "tt1160419\tmovie\tDune: Part One\tDune\t0\t2021\t\\N\t155\tDrama\n"
        + "tt0903747\ttvSeries\tBreaking Bad\tBreaking Bad\t0\t2008\t2013\t45\tCrime\n"
        + "tt0959621\ttvEpisode\tPilot\tPilot\t0\t2008\t\\N\t58\tCrime\n"
        + "tt1054724\ttvEpisode\tEpisode #1.2\tEpisode #1.2\t0\t2008\t\\N\t48\tCrime\n"
        + "tt0000001\tshort\tDune\tDune\t0\t1894\t\\N\t1\tShort\n"
        + "broken line\n";

    private const string Ratings = "tconst\taverageRating\tnumVotes\ntt0133093\t8.7\t2000000\ntt0087182\t6.3\t180000\ntt0959621\t9.0\t40000\ntt7\t99\t1\n";
    private const string Episodes = "tconst\tparentTconst\tseasonNumber\tepisodeNumber\ntt0959621\ttt0903747\t1\t1\ntt1054724\ttt0903747\t1\t2\ntt3\ttt0903747\t\\N\t\\N\n";

    private readonly TemporaryFolder _home = new();
    private TestCatalog _catalog = null!;

    public Task InitializeAsync()
    {
        WriteCompressed("title.basics.tsv.gz", Basics);
        WriteCompressed("title.ratings.tsv.gz", Ratings);
        WriteCompressed("title.episode.tsv.gz", Episodes);
        _catalog = CreateCatalog(new Uri(_home.PathOf("imdb")));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _catalog.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Import_FromFolder_IsSearchedWithoutAnyNetwork()
    {
        Assert.Equal(ProviderState.NoData, FindProvider().Status.State);
        Assert.Empty(await FindAsync("The Matrix"));

        Assert.Equal("6 titles were imported.", await ImportAsync());

        Assert.Equal(ProviderState.Ok, FindProvider().Status.State);
        Assert.Equal("tt0133093", Assert.Single(await FindAsync("the MATRIX")).ExternalId);
        Assert.Equal("tt0211915", Assert.Single(await FindAsync("LE FABULEUX destin d'Amelie Poulain")).ExternalId);
        Assert.Equal(["tt1160419", "tt0087182"], (await FindAsync("Dune", 2021)).Select(f => f.ExternalId));
        var matrix = await FindProvider().DetailsAsync(MediaKind.Film, "tt0133093", false, default);
        Assert.Equal(("The Matrix", 1999, 8.7), (matrix!.Title, matrix.Year, matrix.Rating));
        Assert.Equal(["Action", "Sci-Fi"], matrix.Genres);
        Assert.Equal([1], (await FindProvider().DetailsAsync(MediaKind.Series, "tt0903747", false, default))!.Seasons);
        Assert.Equal([new PartMetadata(1, 1, "Pilot", null, 9.0), new PartMetadata(1, 2, null, null, null)], await FindProvider().PartsAsync(MediaKind.Series, "tt0903747", 1, false, default));
    }

    [Fact]
    public async Task Import_Again_TakesThePlaceOfTheFirst()
    {
        await ImportAsync();
        WriteCompressed("title.basics.tsv.gz", Basics.Replace("Breaking Bad", "Better Bad", StringComparison.Ordinal));

        await ImportAsync();

        Assert.Single(await FindProvider().SearchAsync(ProviderHarness.CreateQuery(MediaKind.Series, "Better Bad"), default));
        Assert.Empty(await FindProvider().SearchAsync(ProviderHarness.CreateQuery(MediaKind.Series, "Breaking Bad"), default));
        Assert.DoesNotContain(Directory.GetFiles(_home.PathOf("data")), f => f.EndsWith(".new", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("title.ratings.tsv.gz")]
    [InlineData("title.basics.tsv.gz")]
    public async Task Import_BrokenFile_LeavesWhatWasThere(string name)
    {
        await ImportAsync();
        var bytes = File.ReadAllBytes(_home.PathOf("imdb/" + name));
        File.WriteAllBytes(_home.PathOf("imdb/" + name), bytes[..(bytes.Length / 2)].Concat(new byte[40]).ToArray());

        await Assert.ThrowsAsync<ImdbImportException>(ImportAsync);

        Assert.Single(await FindAsync("The Matrix"));
    }

    [Fact]
    public async Task Import_LineWithoutEnd_IsRefusedInLittleMemory()
    {
        using (var file = File.Create(_home.PathOf("imdb/title.basics.tsv.gz")))
        using (var packed = new GZipStream(file, CompressionLevel.Fastest))
        {
            for (var i = 0; i < 64; i++)
            {
                packed.Write(new byte[1024 * 1024]);
            }
        }

        Assert.Contains("too long", (await Assert.ThrowsAsync<ImdbImportException>(ImportAsync)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_FromAddress_ReadsTheSame()
    {
        await using var server = await TestProvider.StartAsync();
        foreach (var name in new[] { "title.basics.tsv.gz", "title.ratings.tsv.gz", "title.episode.tsv.gz" })
        {
            server.Images["/" + name] = File.ReadAllBytes(_home.PathOf("imdb/" + name));
        }

        await using var other = CreateCatalog(server.Address, new TemporaryFolder());

        Assert.Equal("6 titles were imported.", await other.Services.GetRequiredService<ImdbImport>().RunAsync(new Progress<ProgressUpdate>(), default));
    }

    [Fact]
    public async Task Stock_OutlivesTheProgramAndIsEncrypted()
    {
        await ImportAsync();
        await _catalog.ReopenAsync();

        Assert.Single(await FindAsync("The Matrix"));
        Assert.DoesNotContain("Matrix", Encoding.Latin1.GetString(File.ReadAllBytes(_home.PathOf("data/imdb.db"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoPlace_ImportsNothingAndSaysSo()
    {
        await using var catalog = new TestCatalog();

        Assert.StartsWith("No place", await catalog.Services.GetRequiredService<ImdbImport>().RunAsync(new Progress<ProgressUpdate>(), default), StringComparison.Ordinal);
    }

    private TestCatalog CreateCatalog(Uri address, TemporaryFolder? home = null) => new(null, home ?? _home, services => services.Configure<MetadataOptions>(o => o.Imdb.BaseAddress = address));

    private IMetadataProvider FindProvider() => _catalog.Services.GetRequiredService<ProviderManager>().Find("imdb")!;

    private Task<IReadOnlyList<Domain.Metadata.Metadata>> FindAsync(string title, int? year = null) => FindProvider().SearchAsync(ProviderHarness.CreateQuery(MediaKind.Film, title, year), default);

    private Task<string> ImportAsync() => _catalog.Services.GetRequiredService<ImdbImport>().RunAsync(new Progress<ProgressUpdate>(), default);

    private void WriteCompressed(string name, string text)
    {
        Directory.CreateDirectory(_home.PathOf("imdb"));
        using var file = File.Create(_home.PathOf("imdb/" + name));
        using var packed = new GZipStream(file, CompressionLevel.Fastest);
        packed.Write(Encoding.UTF8.GetBytes(text));
    }
}
