using Catalogizer.Domain.Health;
using Catalogizer.Domain.Storage;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Health;

/// <summary>The look over the whole database, and what tells that one is due.</summary>
public sealed class IntegrityCheckTests : IAsyncDisposable
{
    private readonly TestCatalogue _catalogue = new();

    private IntegrityCheck Check => _catalogue.Services.GetRequiredService<IntegrityCheck>();

    [Fact]
    public async Task Run_SoundDatabase_ReportsNothingAndKeepsIt()
    {
        _catalogue.Write("Metropolis (1927).mkv");
        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync()).Id);
        Assert.Null(await Check.LastAsync(default));

        var report = await Check.RunAsync(default);

        Assert.Empty(report.Problems);
        Assert.Equal(report.At, (await Check.LastAsync(default))!.At);
        Assert.True((await IntegrityFindingAsync()).Ok);
    }

    [Fact]
    public async Task Run_SearchTableOutOfStep_SaysSoToTheHealthPage()
    {
        _catalogue.Write("Metropolis (1927).mkv");
        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync()).Id);
        _catalogue.Execute("INSERT INTO media_titles(media_titles) VALUES ('delete-all')");

        var report = await Check.RunAsync(default);

        Assert.Contains("search index (titles)", Assert.Single(report.Problems), StringComparison.Ordinal);
        var finding = await IntegrityFindingAsync();
        Assert.False(finding.Ok);
        Assert.Contains("search index (titles)", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Close_LeavesNoWal_AndNothingIsDue()
    {
        _catalogue.Write("Metropolis (1927).mkv");
        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync()).Id);

        await _catalogue.ReopenAsync();

        Assert.False(Check.IsDue);
    }

    [Fact]
    public async Task Open_FileThatWasNotClosed_IsDue()
    {
        _catalogue.Write("Metropolis (1927).mkv");
        await _catalogue.ScanAsync((await _catalogue.AddSourceAsync()).Id);
        using var folder = new TemporaryFolder();

        // What a killed process leaves: the file with its WAL beside it.
        foreach (var part in (string[])["catalogizer.db", "catalogizer.db-wal"])
        {
            Directory.CreateDirectory(folder.PathOf("data"));
            File.Copy(Path.Combine(Path.GetDirectoryName(_catalogue.DatabasePath)!, part), folder.PathOf($"data/{part}"));
        }

        using var file = Domain.Storage.Sqlite.SqliteFile.Open(folder.PathOf("data/catalogizer.db"), TestCatalogue.Key);
        Assert.True(file.WasLeftOpen);
    }

    public ValueTask DisposeAsync() => _catalogue.DisposeAsync();

    private async Task<HealthFinding> IntegrityFindingAsync() =>
        Assert.Single(await _catalogue.Services.GetRequiredService<HealthChecker>().CheckAsync(default), f => f.Name == "integrity");
}
