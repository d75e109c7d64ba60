using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Auditing;

/// <summary>Denied requests are audited, and a flood of them does not fill the log.</summary>
public sealed class DeniedRequestLogTests : IAsyncDisposable
{
    private static readonly Actor Vera = new(8, "vera", [Permission.MediaView], "192.0.2.8");
    private readonly ManualTime _time = new();
    private readonly TestCatalog _catalog;

    public DeniedRequestLogTests() => _catalog = new TestCatalog(_time);

    private DeniedRequestLog Refusals => _catalog.Services.GetRequiredService<DeniedRequestLog>();

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    [Fact]
    public async Task Record_FirstOfItsKind_IsAnEntryWithWhoAndWhat()
    {
        var source = await _catalog.AddSourceAsync();

        await Refusals.RecordAsync(Vera, "POST", $"/api/v1/sources/{source.Id}/scan", "sources/{id}/scan", $"source:{source.Id}", Permission.SourcesManage);

        var after = $$"""{"method":"POST","path":"/api/v1/sources/{{source.Id}}/scan","permission":"sources.manage"}""";
        Assert.Equal([$"8|vera|192.0.2.8|source:{source.Id}|{source.Name}|{after}"], ReadRows("user_id, user_name, address, target, target_name, after"));
    }

    [Fact]
    public async Task Record_NobodySignedIn_IsNone()
    {
        await Refusals.RecordAsync(new Actor(null, "anonymous", []), "GET", "/api/v1/audit", "audit", null, null);

        Assert.Empty(ReadRows("id"));
    }

    [Fact]
    public async Task Record_AFlood_IsAFewEntriesAnHourAndACount()
    {
        for (var i = 0; i < 2_000; i++)
        {
            await Refusals.RecordAsync(Vera, "GET", $"/api/v1/{i % 100}", $"route {i % 100}", null, null);
        }

        Assert.Equal(DeniedRequestLog.MaxPerHour, ReadRows("id").Count);

        _time.Advance(TimeSpan.FromHours(1));
        await Refusals.RecordAsync(Vera, "GET", "/api/v1/audit", "audit", null, null);

        Assert.Equal(DeniedRequestLog.MaxPerHour + 2, ReadRows("id").Count);
        Assert.Contains("\"further\":1980", ReadRows("after")[DeniedRequestLog.MaxPerHour], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClosePeriods_TheHourIsOver_TellsWhatWasCounted()
    {
        await RecordTwiceAsync(Vera);
        await RecordTwiceAsync(Vera with { UserId = 9, Name = "emil" });
        await Refusals.ClosePeriodsAsync(_time.GetUtcNow() - TimeSpan.FromHours(1));
        Assert.Equal(2, ReadRows("id").Count);

        _time.Advance(TimeSpan.FromHours(1));
        await Refusals.ClosePeriodsAsync(_time.GetUtcNow() - TimeSpan.FromHours(1));
        await Refusals.ClosePeriodsAsync(_time.GetUtcNow());

        Assert.Equal(["vera", "emil", "vera", "emil"], ReadRows("user_name"));
        Assert.All(ReadRows("after")[2..], row => Assert.StartsWith("{\"further\":1,", row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Record_CannotBeWritten_RefusesAllTheSame()
    {
        _catalog.Execute("CREATE TRIGGER no_entries BEFORE INSERT ON audit_logs BEGIN SELECT RAISE(ABORT, 'no entries'); END");

        await RecordTwiceAsync(Vera);

        Assert.Empty(ReadRows("id"));
    }

    private async Task RecordTwiceAsync(Actor actor)
    {
        await Refusals.RecordAsync(actor, "GET", "/api/v1/audit", "audit", null, null);
        await Refusals.RecordAsync(actor, "GET", "/api/v1/audit", "audit", null, null);
    }

    private List<string> ReadRows(string columns) => [.. _catalog.QueryRows($"SELECT {columns} FROM audit_logs WHERE action = 'accounts.refused' ORDER BY id")];
}
