using Catalogizer.Domain.Events;
using Catalogizer.Domain.Records;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Support;

/// <summary>The error log of a catalogue whose program does not run.</summary>
internal static class WrittenErrors
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Does what fails, and waits until all that it logged is written down.</summary>
    public static async Task WriteErrorsAsync(this TestCatalogue catalogue, Func<Task> fail)
    {
        using var told = catalogue.Services.GetRequiredService<EventStreamer>().Subscribe(e => e is ErrorLogChanged);
        using var limit = new CancellationTokenSource(Patience);
        await fail();
        using var writer = ActivatorUtilities.CreateInstance<ErrorWriter>(catalogue.Services);
        await writer.StartAsync(default);
        await foreach (var _ in told.ReadAsync(TimeSpan.Zero, limit.Token))
        {
            break;
        }

        await writer.StopAsync(default);
    }
}
