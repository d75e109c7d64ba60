using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Sources;

/// <summary>The times and counts that are told of a source.</summary>
public sealed class SourceStatusTests : IAsyncDisposable
{
    private readonly ManualTime _time = new();
    private readonly TestCatalogue _catalogue;

    public SourceStatusTests() => _catalogue = new TestCatalogue(_time);

    public ValueTask DisposeAsync() => _catalogue.DisposeAsync();

    [Fact]
    public async Task Status_LastScanFoundNothing_NamesTheLastThatFoundSomething()
    {
        for (var i = 0; i < 10; i++)
        {
            _catalogue.Write($"Wonder {i} ({1950 + i}).mkv");
        }

        var source = (await _catalogue.AddSourceAsync()).Id;
        Assert.Null((await StatusAsync()).LastScanWithChanges);
        var first = await _catalogue.ScanAsync(source);
        Assert.Equal((first.Id, null), ((await StatusAsync()).LastScan!.Id, (await StatusAsync()).LastScanWithChanges));

        var second = await _catalogue.ScanAsync(source, ScanKind.Quick);
        await _catalogue.ScanAsync(source, ScanKind.Quick);

        var status = await StatusAsync();
        Assert.True(status.LastScan!.Id > second.Id);
        Assert.Equal((first.Id, 10), (status.LastScanWithChanges!.Id, status.LastScanWithChanges.Added));
    }

    [Fact]
    public async Task Status_CutAfterChecksThatWereAnswered_WasSeenAtTheLastOfThem()
    {
        var source = (await _catalogue.AddSourceAsync()).Id;
        var connectors = _catalogue.Services.GetRequiredService<SourceConnectors>();
        var circuit = connectors.Circuits.Find(source)!;
        await connectors.CheckAsync(circuit, default);
        Assert.Null((await StatusAsync()).LastConnectedAt);       // a greeting does not show that it can be used
        await _catalogue.ScanAsync(source);
        for (var minute = 0; minute < 5; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await connectors.CheckAsync(circuit, default);
        }

        var seen = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromSeconds(20));
        circuit.Trip(new SourceException(SourceErrorKind.Unreachable, "The cable is out.") { IsSourceWide = true });
        _time.Advance(TimeSpan.FromSeconds(3));

        var status = await StatusAsync();
        Assert.Equal((seen, seen.AddSeconds(20)), (status.LastConnectedAt, status.Since));
    }

    private async Task<SourceStatus> StatusAsync() => Assert.Single(await _catalogue.Sources.StatusAsync(Actor.System, default));
}
