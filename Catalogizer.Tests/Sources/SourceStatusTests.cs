using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources;

/// <summary>The times and counts that are reported about a source.</summary>
public sealed class SourceStatusTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly TestCatalog _catalog;

    public SourceStatusTests() => _catalog = new TestCatalog(_time);

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    [Fact]
    public async Task Status_LastScanFoundNothing_NamesTheLastThatFoundSomething()
    {
        for (var i = 0; i < 10; i++)
        {
            _catalog.Write($"Wonder {i} ({1950 + i}).mkv");
        }

        var source = (await _catalog.AddSourceAsync()).Id;
        Assert.Null((await ReadStatusAsync()).LastScanWithChanges);
        var first = await _catalog.ScanAsync(source);
        Assert.Equal((first.Id, null), ((await ReadStatusAsync()).LastScan!.Id, (await ReadStatusAsync()).LastScanWithChanges));

        var second = await _catalog.ScanAsync(source, ScanKind.Quick);
        await _catalog.ScanAsync(source, ScanKind.Quick);

        var status = await ReadStatusAsync();
        Assert.True(status.LastScan!.Id > second.Id);
        Assert.Equal((first.Id, 10), (status.LastScanWithChanges!.Id, status.LastScanWithChanges.Added));
    }

    [Fact]
    public async Task Status_CutAfterChecksThatWereAnswered_WasSeenAtTheLastOfThem()
    {
        var source = (await _catalog.AddSourceAsync()).Id;
        var connectors = _catalog.Services.GetRequiredService<SourceConnectors>();
        var circuit = connectors.Circuits.Find(source)!;
        await connectors.CheckAsync(circuit, default);
        Assert.Null((await ReadStatusAsync()).LastConnectedAt);       // a probe does not show that the source can be used
        await _catalog.ScanAsync(source);
        for (var minute = 0; minute < 5; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await connectors.CheckAsync(circuit, default);
        }

        var seen = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(20));
        circuit.Trip(new SourceException(SourceErrorKind.Unreachable, "The cable is out.") { IsSourceWide = true });
        _time.Advance(TimeSpan.FromSeconds(3));

        var status = await ReadStatusAsync();
        Assert.Equal((seen, seen.AddSeconds(20)), (status.LastConnectedAt, status.Since));
    }

    private async Task<SourceStatus> ReadStatusAsync() => Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default));
}
