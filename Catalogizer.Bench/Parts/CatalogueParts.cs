using BenchmarkDotNet.Attributes;
using Catalogizer.Bench.Rig;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;

namespace Catalogizer.Bench.Parts;

/// <summary>What pages ask of a catalogue of 20,000 files.</summary>
public class CatalogueParts
{
    private Catalogue _catalogue = null!;
    private string? _cursor;

    [GlobalSetup]
    public void SetUp()
    {
        var data = Task.Run(async () => await Catalogue.OfAsync(await PublishedApp.BuildAsync(), MediaTree.Of(20_000))).GetAwaiter().GetResult();
        _catalogue = Catalogue.Open(data);
        _cursor = Task.Run(() => PageAsync(new MediaQuery { Sort = MediaSort.Title, Limit = 200 })).GetAwaiter().GetResult().NextCursor;
    }

    [GlobalCleanup]
    public void CleanUp() => _catalogue.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Description = "first page of 50 with counts and facets, 20,000 files")]
    public Task<MediaPage> FirstPage() => PageAsync(new MediaQuery());

    [Benchmark(Description = "a later page by title, 20,000 files")]
    public Task<MediaPage> LaterPage() => PageAsync(new MediaQuery { Sort = MediaSort.Title, Cursor = _cursor });

    [Benchmark(Description = "ten suggestions for “br”, 20,000 files")]
    public Task<IReadOnlyList<MediaSummary>> Suggestions() => _catalogue.Media.SuggestAsync(Actor.System, "br", 10, CancellationToken.None);

    [Benchmark(Description = "search for “br” with facets, 20,000 files")]
    public Task<MediaPage> Search() => PageAsync(new MediaQuery { Query = "br" });

    private async Task<MediaPage> PageAsync(MediaQuery query) => (await _catalogue.Media.PageAsync(Actor.System, query, CancellationToken.None)).Value;
}
