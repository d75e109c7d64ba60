using System.Collections.Concurrent;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Sources;

public sealed class ConfiguredSourcesTests : IAsyncLifetime
{
    private readonly TestCatalog _catalog = new();
    private readonly ConcurrentQueue<string> _errors = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalog.DisposeAsync();

    [Fact]
    public async Task Start_NewSource_AddsAndScansIt()
    {
        _catalog.Write("Quiet Water (2001).mkv");

        await StartAsync(CreateDraft());

        var source = Assert.Single(await _catalog.Sources.StatusAsync(Actor.System, default));
        Assert.Equal(("Films", _catalog.Root, ScanState.Completed, 1), (source.Name, source.Location, source.LastScan?.State, source.PresentFiles));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Start_Again_NeitherAddsNorScans()
    {
        await StartAsync(CreateDraft());
        await StartAsync(CreateDraft());

        var source = Assert.Single(await _catalog.Sources.ListAsync(Actor.System, default));
        Assert.Single(await _catalog.Scans.LatestAsync(Actor.System, source.Id, 10, default));
    }

    [Fact]
    public async Task Start_NameIsThere_StaysAsPeopleLeftIt()
    {
        var source = await _catalog.AddSourceAsync();

        await StartAsync(CreateDraft() with { Name = " Films ", Path = "/no/such/folder", Purpose = "backup" });

        Assert.Equal(source, Assert.Single(await _catalog.Sources.ListAsync(Actor.System, default)));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Start_OneCannotBeAdded_SaysWhyAndGoesOn()
    {
        await StartAsync(CreateDraft() with { Name = "Away", Path = "/no/such/folder" }, new SourceDraft(), CreateDraft());

        Assert.Equal("Films", Assert.Single(await _catalog.Sources.ListAsync(Actor.System, default)).Name);
        Assert.Equal(2, _errors.Count);
        Assert.Contains(_errors, e => e.StartsWith("The declared source “Away” was not added: ", StringComparison.Ordinal) && e.Contains("/no/such/folder", StringComparison.Ordinal));
        Assert.Contains(_errors, e => e.EndsWith("Give the source a name, such as “Films”.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_Retired_IsLeftAlone()
    {
        var source = await _catalog.AddSourceAsync();
        await _catalog.Sources.RetireAsync(Actor.System, source.Id, default);

        await StartAsync(CreateDraft());

        Assert.Empty(await _catalog.Scans.LatestAsync(Actor.System, source.Id, 10, default));
        Assert.Empty(_errors);
    }

    [Fact]
    public async Task Start_FirstScanFailed_ScansOnceMore()
    {
        var source = await _catalog.AddSourceAsync();
        _catalog.Delete("");
        Assert.Equal(ScanState.Failed, (await _catalog.ScanAsync(source.Id)).State);
        _catalog.Write("Quiet Water (2001).mkv");

        await StartAsync(CreateDraft());

        Assert.Equal(ScanState.Completed, (await _catalog.Scans.LatestAsync(Actor.System, source.Id, 1, default))[0].State);
    }

    [Fact]
    public async Task Start_EarlierScansNotTakenUp_Waits()
    {
        using var declared = CreateConfiguredSources(CreateDraft());
        await declared.StartAsync(default);
        var before = await _catalog.Sources.ListAsync(Actor.System, default);

        await _catalog.Scans.RecoverAsync(default);
        await declared.ExecuteTask!;

        Assert.Empty(before);
        Assert.Single(await _catalog.Sources.ListAsync(Actor.System, default));
        await _catalog.Scans.StopAsync();
    }

    [Fact]
    public async Task Start_StoppedWhileWaiting_Ends()
    {
        using var declared = CreateConfiguredSources(CreateDraft());
        await declared.StartAsync(default);
        await declared.StopAsync(default);

        Assert.True(declared.ExecuteTask!.IsCompleted);
        Assert.Empty(await _catalog.Sources.ListAsync(Actor.System, default));
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

    private SourceDraft CreateDraft() => new() { Name = "Films", Protocol = "local", Path = _catalog.Root };

    /// <summary>Lets it finish all of its work, including the scans that it starts.</summary>
    private async Task StartAsync(params SourceDraft[] drafts)
    {
        using var declared = CreateConfiguredSources(drafts);
        await _catalog.Scans.RecoverAsync(default);
        await declared.StartAsync(default);
        await declared.ExecuteTask!;
        foreach (var source in await _catalog.Sources.ListAsync(Actor.System, default))
        {
            if (_catalog.Scans.FindRunning(source.Id) is { } scan)
            {
                await _catalog.Scans.WaitAsync(scan.Id, default);
            }
        }
    }

    private ConfiguredSources CreateConfiguredSources(params SourceDraft[] drafts)
    {
        var options = new ConfiguredSourcesOptions();
        foreach (var draft in drafts)
        {
            options.Sources.Add(draft);
        }

        return new ConfiguredSources(Options.Create(options), _catalog.Sources, _catalog.Services.GetRequiredService<SourceRemoval>(), _catalog.Scans, new ErrorCollector(_errors));
    }

    private sealed class ErrorCollector(ConcurrentQueue<string> errors) : ILogger<ConfiguredSources>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            errors.Enqueue(formatter(state, exception));
    }
}
