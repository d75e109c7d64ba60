using System.Collections.Concurrent;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Sources;

public sealed class DeclaredSourcesTests : IAsyncLifetime
{
    private readonly TestCatalogue _catalogue = new();
    private readonly ConcurrentQueue<string> _errors = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalogue.DisposeAsync();

    [Fact]
    public async Task Start_NewSource_AddsAndScansIt()
    {
        _catalogue.Write("Quiet Water (2001).mkv");

        await StartAsync(Films());

        var source = Assert.Single(await _catalogue.Sources.StatusAsync(Actor.System, default));
        Assert.Equal(("Films", _catalogue.Root, ScanState.Completed, 1), (source.Name, source.Location, source.LastScan?.State, source.PresentFiles));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Start_Again_NeitherAddsNorScans()
    {
        await StartAsync(Films());
        await StartAsync(Films());

        var source = Assert.Single(await _catalogue.Sources.ListAsync(Actor.System, default));
        Assert.Single(await _catalogue.Scans.LatestAsync(Actor.System, source.Id, 10, default));
    }

    [Fact]
    public async Task Start_NameIsThere_StaysAsPeopleLeftIt()
    {
        var source = await _catalogue.AddSourceAsync();

        await StartAsync(Films() with { Name = " Films ", Path = "/no/such/folder", Purpose = "backup" });

        Assert.Equal(source, Assert.Single(await _catalogue.Sources.ListAsync(Actor.System, default)));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Start_OneCannotBeAdded_SaysWhyAndGoesOn()
    {
        await StartAsync(Films() with { Name = "Away", Path = "/no/such/folder" }, new SourceDraft(), Films());

        Assert.Equal("Films", Assert.Single(await _catalogue.Sources.ListAsync(Actor.System, default)).Name);
        Assert.Equal(2, _errors.Count);
        Assert.Contains(_errors, e => e.StartsWith("The declared source “Away” was not added: ", StringComparison.Ordinal) && e.Contains("/no/such/folder", StringComparison.Ordinal));
        Assert.Contains(_errors, e => e.EndsWith("Give the source a name, such as “Films”.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_Retired_IsLeftAlone()
    {
        var source = await _catalogue.AddSourceAsync();
        await _catalogue.Sources.RetireAsync(Actor.System, source.Id, default);

        await StartAsync(Films());

        Assert.Empty(await _catalogue.Scans.LatestAsync(Actor.System, source.Id, 10, default));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Start_FirstScanFailed_ScansOnceMore()
    {
        var source = await _catalogue.AddSourceAsync();
        _catalogue.Delete("");
        Assert.Equal(ScanState.Failed, (await _catalogue.ScanAsync(source.Id)).State);
        _catalogue.Write("Quiet Water (2001).mkv");

        await StartAsync(Films());

        Assert.Equal(ScanState.Completed, (await _catalogue.Scans.LatestAsync(Actor.System, source.Id, 1, default))[0].State);
    }

    [Fact]
    public async Task Start_EarlierScansNotTakenUp_Waits()
    {
        using var declared = Declared(Films());
        await declared.StartAsync(default);
        var before = await _catalogue.Sources.ListAsync(Actor.System, default);

        await _catalogue.Scans.RecoverAsync(default);
        await declared.ExecuteTask!;

        Assert.Empty(before);
        Assert.Single(await _catalogue.Sources.ListAsync(Actor.System, default));
        await _catalogue.Scans.StopAsync();
    }

    [Fact]
    public async Task Start_StoppedWhileWaiting_Ends()
    {
        using var declared = Declared(Films());
        await declared.StartAsync(default);
        await declared.StopAsync(default);

        Assert.True(declared.ExecuteTask!.IsCompleted);
        Assert.Empty(await _catalogue.Sources.ListAsync(Actor.System, default));
    }

    [Fact]
    public void Options_AreReadFromTheSettings()
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Catalogizer:Sources:0:Name"] = "Films",
            ["Catalogizer:Sources:0:Protocol"] = "local",
            ["Catalogizer:Sources:0:Path"] = "/media/films",
            ["Catalogizer:Sources:0:Watch"] = "false",
            ["Catalogizer:Sources:1:Name"] = "Attic",
        }).Build();

        var options = settings.GetSection("Catalogizer").Get<ConfiguredSourcesOptions>()!;

        Assert.Equal([new SourceDraft { Name = "Films", Protocol = "local", Path = "/media/films", Watch = false }, new SourceDraft { Name = "Attic" }], options.Sources);
    }

    private SourceDraft Films() => new() { Name = "Films", Protocol = "local", Path = _catalogue.Root };

    /// <summary>Lets it do all of its work, the scans that it starts included.</summary>
    private async Task StartAsync(params SourceDraft[] drafts)
    {
        using var declared = Declared(drafts);
        await _catalogue.Scans.RecoverAsync(default);
        await declared.StartAsync(default);
        await declared.ExecuteTask!;
        foreach (var source in await _catalogue.Sources.ListAsync(Actor.System, default))
        {
            if (_catalogue.Scans.FindRunning(source.Id) is { } scan)
            {
                await _catalogue.Scans.WaitAsync(scan.Id, default);
            }
        }
    }

    private ConfiguredSources Declared(params SourceDraft[] drafts)
    {
        var options = new ConfiguredSourcesOptions();
        foreach (var draft in drafts)
        {
            options.Sources.Add(draft);
        }

        return new ConfiguredSources(Options.Create(options), _catalogue.Sources, _catalogue.Services.GetRequiredService<SourceRemoval>(), _catalogue.Scans, new Keeper(_errors));
    }

    private sealed class Keeper(ConcurrentQueue<string> errors) : ILogger<ConfiguredSources>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            errors.Enqueue(formatter(state, exception));
    }
}
