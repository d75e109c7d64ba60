using BenchmarkDotNet.Attributes;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;

namespace Catalogizer.Bench.Parts;

/// <summary>Queries of the pages on a catalogue of 20,000 files.</summary>
public class CatalogBenchmarks
{
    private BenchCatalog _catalog = null!;
    private string? _cursor;

    [GlobalSetup]
    public void Setup()
    {
        var data = Task.Run(async () => await BenchCatalog.GetOrScanAsync(await PublishedApp.BuildAsync(), MediaTree.GetOrCreate(20_000))).GetAwaiter().GetResult();
        _catalog = BenchCatalog.Open(data);
        _cursor = Task.Run(() => ReadPageAsync(new MediaQuery { Sort = MediaSort.Title, Limit = 200 })).GetAwaiter().GetResult().NextCursor;
    }

    [GlobalCleanup]
    public void Cleanup() => _catalog.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Description = "first page of 50 with counts and facets, 20,000 files")]
    public Task<MediaPage> FirstPage() => ReadPageAsync(new MediaQuery());

    [Benchmark(Description = "a later page by title, 20,000 files")]
    public Task<MediaPage> LaterPage() => ReadPageAsync(new MediaQuery { Sort = MediaSort.Title, Cursor = _cursor });

    [Benchmark(Description = "ten suggestions for “br”, 20,000 files")]
    public Task<IReadOnlyList<MediaSummary>> Suggestions() => _catalog.Media.SuggestAsync(Actor.System, "br", 10, CancellationToken.None);

    [Benchmark(Description = "search for “br” with facets, 20,000 files")]
    public Task<MediaPage> Search() => ReadPageAsync(new MediaQuery { Query = "br" });

    private async Task<MediaPage> ReadPageAsync(MediaQuery query) => (await _catalog.Media.PageAsync(Actor.System, query, CancellationToken.None)).Value;
}
