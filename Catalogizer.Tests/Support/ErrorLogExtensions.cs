using Catalogizer.Domain.Events;
using Catalogizer.Domain.Operations.ErrorLog;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Support;

/// <summary>The error log of a catalogue outside the running program.</summary>
internal static class ErrorLogExtensions
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Runs what fails, and waits until everything that it logged is saved.</summary>
    public static async Task RunAndSaveErrorsAsync(this TestCatalog catalog, Func<Task> fail)
    {
        using var subscription = catalog.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is ErrorLogChanged);
        using var timeout = new CancellationTokenSource(WaitTimeout);
        await fail();
        using var writer = ActivatorUtilities.CreateInstance<ErrorWriter>(catalog.Services);
        await writer.StartAsync(default);
        await foreach (var _ in subscription.ReadAsync(TimeSpan.Zero, timeout.Token))
        {
            break;
        }

        await writer.StopAsync(default);
    }
}
