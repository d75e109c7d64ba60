using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Metadata;
using Catalogizer.Domain.Operations.Retention;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Metadata;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Operations.Retention;

/// <summary>The backlog of analysis and metadata is what is left of everything that can be processed.</summary>
public sealed class BacklogTests : IAsyncLifetime
{
    private readonly TestCatalog _catalog = new();
    private TestProvider _provider = null!;

    private BacklogMonitor Watch => _catalog.Services.GetRequiredService<BacklogMonitor>();

    public async Task InitializeAsync()
    {
        _provider = await TestProvider.StartAsync();
        _provider.Bodies["/search/movie"] = """{"results":[]}""";
    }

    public async Task DisposeAsync()
    {
        await _catalog.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task Count_AfterAScan_FallsToNothingAsWorkIsDone()
    {
        using var subscription = _catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is BacklogChanged);
        await ScanAsync();
        EnableProvider();

        Assert.Equal(new Backlog(new BacklogCount(3, 3), new BacklogCount(2, 2), null), await CountAsync());
        await _catalog.Services.GetRequiredService<QualityAnalysis>().RunAsync(new Progress<ProgressUpdate>(), default);
        Assert.Equal(new Backlog(new BacklogCount(0, 3), new BacklogCount(2, 2), null), await CountAsync());
        await _catalog.Services.GetRequiredService<Enricher>().EnrichAsync(1, new Progress<ProgressUpdate>(), default);
        await _catalog.Services.GetRequiredService<Enricher>().EnrichAsync(100, new Progress<ProgressUpdate>(), default);
        Assert.Equal(new Backlog(new BacklogCount(0, 3), new BacklogCount(0, 2), null), await CountAsync());

        await foreach (var batch in subscription.ReadAsync(TimeSpan.Zero, default))
        {
            Assert.Equal(Watch.Current, batch.OfType<BacklogChanged>().Last().Backlog);
            break;
        }
    }

    [Fact]
    public async Task Count_NoProviderOn_HasNothingToLookUp()
    {
        await ScanAsync();

        Assert.Equal(new BacklogCount(0, 0), (await CountAsync()).Lookup);
    }

    [Fact]
    public async Task Count_ProviderRefuses_SaysWhyItemsWait()
    {
        await ScanAsync();
        EnableProvider();
        _provider.Override = http =>
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        };
        await _catalog.Services.GetRequiredService<Enricher>().EnrichAsync(100, new Progress<ProgressUpdate>(), default);

        var backlog = await CountAsync();

        Assert.Equal(new BacklogCount(2, 2), backlog.Lookup);
        Assert.StartsWith("TMDB refuses its key. Next try at ", backlog.LookupTrouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Count_SourceAway_LeavesItsCopiesOut()
    {
        var source = await ScanAsync();
        Directory.Move(_catalog.Root, _catalog.Root + ".away");
        Assert.Equal(ScanState.Failed, (await _catalog.ScanAsync(source)).State);

        Assert.Equal(new BacklogCount(0, 0), (await CountAsync()).Analysis);
    }

    [Theory]
    [InlineData(1240, 2993, 0, 0, null, "1,240 of 2,993 copies still to be analysed.")]
    [InlineData(0, 10, 1240, 2993, null, "1,240 of 2,993 items still to be looked up.")]
    [InlineData(1, 10, 2, 20, "TMDB has no key.", "1 of 10 copies still to be analysed. 2 of 20 items still to be looked up. TMDB has no key.")]
    public void Sentence_Table(long copies, long allCopies, long items, long allItems, string? problem, string sentence) =>
        Assert.Equal(sentence, BacklogLabels.For(new Backlog(new BacklogCount(copies, allCopies), new BacklogCount(items, allItems), problem)));

    private async Task<Backlog> CountAsync()
    {
        await Watch.CountAsync(default);
        return Watch.Current;
    }

    private void EnableProvider() =>
        _catalog.Services.GetRequiredService<ProviderManager>().Find("tmdb")!.Channel!.Reconfigure(new ProviderConfiguration(true, "a.b.c", "en", _provider.Address, _provider.Address));

    private async Task<long> ScanAsync()
    {
        _catalog.Write("Quiet Water (2001).mkv");
        _catalog.Write("Silver Harbor (1994).mkv");
        _catalog.Write("Ann Author - A Novel (2003).epub");
        _catalog.Write("leftover.xyz");
        var source = (await _catalog.AddSourceAsync()).Id;
        Assert.Equal(ScanState.Completed, (await _catalog.ScanAsync(source)).State);
        return source;
    }
}
