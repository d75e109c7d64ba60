using System.Threading.Channels;
using Catalogizer.Domain.Common;
using Catalogizer.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Jobs;

/// <summary>A job that executes the test's commands, one after the other.</summary>
internal sealed class BlockingJob(BlockingJob.Controls controls) : IBackgroundJob
{
    public const string Schedule = "0 0 5 * * ?";

    public static string Name => "patient";

    public static void Register(IServiceCollection services) => services.AddSingleton<Controls>().AddJob<BlockingJob>("Patient work", "Waits to be told what to do.", Schedule);

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        controls.Started.Writer.TryWrite(argument);
        await foreach (var next in controls.Commands.Reader.ReadAllAsync(cancellation))
        {
            switch (next)
            {
                case ProgressUpdate update:
                    progress.Report(update);
                    break;
                case Exception exception:
                    throw exception;
                case string summary:
                    return summary;
            }
        }

        return "";
    }

    /// <summary>Takes the test's commands for the job: a progress update to report, an exception to end with, or a message to end with.</summary>
    internal sealed class Controls
    {
        public Channel<object> Commands { get; } = Channel.CreateUnbounded<object>();

        public Channel<string> Started { get; } = Channel.CreateUnbounded<string>();

        public void Send(object command) => Commands.Writer.TryWrite(command);
    }
}
