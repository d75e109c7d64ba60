using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Operations.ErrorLog;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Tests.Operations.ErrorLog;

/// <summary>Errors on their way from the log into an encrypted catalogue.</summary>
public sealed class ErrorLogTests : IAsyncDisposable
{
    private static readonly Actor Anna = new(7, "anna", Permission.All, "127.0.0.9");
    private readonly TestCatalog _catalog = new();

    private ErrorService Errors => _catalog.Services.GetRequiredService<ErrorService>();

    private ErrorQueue Queue => _catalog.Services.GetRequiredService<ErrorQueue>();

    private ILogger Logger => _catalog.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Catalogizer.Domain.Scanning.ScanService");

    public ValueTask DisposeAsync() => _catalog.DisposeAsync();

    [Fact]
    public async Task Log_AlikeErrors_AreOneWithACount()
    {
        await SaveErrorsAsync(() =>
        {
            LogFailure(1);
            LogFailure(2);
            LogFailure(3);
        });
        await SaveErrorsAsync(() => Logger.LogError("Something else, {Number}", 4));

        var errors = (await Errors.ListAsync(Anna, new ErrorQuery(), default)).Errors;

        Assert.Equal(2, errors.Count);
        var alike = errors.Single(e => e.Count == 3);
        Assert.Equal(("Scanning", "System.InvalidOperationException", ErrorStatus.New), (alike.Component, alike.Kind, alike.Status));
        Assert.Contains("ErrorLogTests.Throw", alike.Place, StringComparison.Ordinal);
        Assert.Equal("The scan 3 failed: Row 3 is gone.", alike.Message);
        Assert.Contains("at Catalogizer.Tests.Operations.ErrorLog", alike.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_AboutSourcesAndProviders_IsARowForEachOfThem()
    {
        await SaveErrorsAsync(() =>
        {
            Logger.LogError("The scan of {Source} failed: {Why}", "NAS", "Next try in 5 seconds.");
            Logger.LogError("The scan of {Source} failed: {Why}", "Disk", "It is not there.");
            Logger.LogError("The scan of {Source} failed: {Why}", "NAS", "Next try in 10 seconds.");
        });

        Assert.Equal(["Disk|1|The scan of Disk failed: It is not there.", "NAS|2|The scan of NAS failed: Next try in 10 seconds."], _catalog.QueryRows("SELECT place, count, message FROM error_logs ORDER BY place"));
    }

    [Theory]
    [InlineData(ErrorStatus.Resolved, ErrorStatus.New)]
    [InlineData(ErrorStatus.Ignored, ErrorStatus.Ignored)]
    public async Task Log_ErrorThatCameBack_IsNewAgainUnlessIgnored(ErrorStatus set, ErrorStatus then)
    {
        await SaveErrorsAsync(() => LogFailure(1));
        var error = Assert.Single((await Errors.ListAsync(Anna, new ErrorQuery(), default)).Errors);
        Assert.Equal(set, (await Errors.SetStatusAsync(Anna, error.Id, set, default)).Value.Status);

        await SaveErrorsAsync(() => LogFailure(2));

        var again = Assert.Single((await Errors.ListAsync(Anna, new ErrorQuery(), default)).Errors);
        Assert.Equal((error.Id, then, 2), (again.Id, again.Status, again.Count));
    }

    [Fact]
    public async Task SetStatus_IsInTheAuditLog()
    {
        await SaveErrorsAsync(() => LogFailure(1));
        var error = Assert.Single((await Errors.ListAsync(Anna, new ErrorQuery(), default)).Errors);

        await Errors.SetStatusAsync(Anna, error.Id, ErrorStatus.Ignored, default);

        Assert.Equal([$"errors.triage|anna|127.0.0.9|error:{error.Id}|{{\"status\":\"new\"}}|{{\"status\":\"ignored\"}}"], _catalog.QueryRows("SELECT action, user_name, address, target, before, after FROM audit_logs"));
    }

    [Fact]
    public async Task Log_Secret_IsNotKept()
    {
        await SaveErrorsAsync(() => Logger.LogError(new InvalidOperationException("GET http://x/?token=hunter2 was refused"), "Could not reach smb://anna:hunter2@nas with password=hunter2"));

        Assert.Equal(0, _catalog.Count("SELECT count(*) FROM error_logs WHERE message || details || place LIKE '%hunter2%'"));
    }

    [Fact]
    public void Log_MoreThanMayWait_IsDroppedCountedAndNobodyWaits()
    {
        for (var i = 0; i < ErrorQueue.Capacity + 100; i++)
        {
            Logger.LogError("Again");
        }

        Assert.Equal(100, Queue.Dropped);
    }

    [Fact]
    public void Log_WarningsAndLess_AreNoErrors()
    {
        Logger.LogWarning("Careful");
        Logger.LogInformation("So it is");

        Assert.False(Queue.Reader.TryRead(out _));
    }

    [Fact]
    public async Task List_FiltersAndPages_AnswerWhatFits()
    {
        await SaveErrorsAsync(() =>
        {
            LogFailure(1);
            Logger.LogError("Something else");
            _catalog.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Catalogizer.Web.Api.MediaEndpoints").LogError("Third");
        });

        Assert.Equal(["Api", "Scanning"], (await Errors.ListAsync(Anna, new ErrorQuery(), default)).Components);
        Assert.Equal("Third", Assert.Single((await Errors.ListAsync(Anna, new ErrorQuery(Component: "Api"), default)).Errors).Message);
        Assert.Equal("Something else", Assert.Single((await Errors.ListAsync(Anna, new ErrorQuery(Find: "else"), default)).Errors).Message);
        Assert.Empty((await Errors.ListAsync(Anna, new ErrorQuery(ErrorStatus.Resolved), default)).Errors);
        var first = await Errors.ListAsync(Anna, new ErrorQuery(Limit: 2), default);
        Assert.Equal((2, true, 3), (first.Errors.Count, first.HasMore, first.New));
        await Assert.ThrowsAsync<PermissionDeniedException>(() => Errors.ListAsync(new Actor(8, "vera", Permission.For(Role.Editor)), new ErrorQuery(), default));
    }

    private void LogFailure(int row)
    {
        try
        {
            Throw(row);
        }
        catch (InvalidOperationException exception)
        {
            Logger.LogError(exception, "The scan {ScanId} failed", row);
        }
    }

    private static void Throw(int row) => throw new InvalidOperationException($"Row {row} is gone.");

    private Task SaveErrorsAsync(Action log) => _catalog.RunAndSaveErrorsAsync(() =>
    {
        log();
        return Task.CompletedTask;
    });
}
