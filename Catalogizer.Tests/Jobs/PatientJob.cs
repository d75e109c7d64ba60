using System.Threading.Channels;
using Catalogizer.Domain.Common;
using Catalogizer.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Jobs;

/// <summary>A job that does what the test says, one thing after the other.</summary>
internal sealed class PatientJob(PatientJob.Desk desk) : IBackgroundJob
{
    public const string Schedule = "0 0 5 * * ?";

    public static string Name => "patient";

    public static void Register(IServiceCollection services) => services.AddSingleton<Desk>().AddJob<PatientJob>("Patient work", "Waits to be told what to do.", Schedule);

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation)
    {
        desk.Began.Writer.TryWrite(argument);
        await foreach (var next in desk.Orders.Reader.ReadAllAsync(cancellation))
        {
            switch (next)
            {
                case ProgressUpdate at:
                    progress.Report(at);
                    break;
                case Exception fault:
                    throw fault;
                case string told:
                    return told;
            }
        }

        return "";
    }

    /// <summary>Where the test puts what the job is to do: a progress to tell, an exception to end with, or a sentence to end with.</summary>
    internal sealed class Desk
    {
        public Channel<object> Orders { get; } = Channel.CreateUnbounded<object>();

        public Channel<string> Began { get; } = Channel.CreateUnbounded<string>();

        public void Say(object order) => Orders.Writer.TryWrite(order);
    }
}
