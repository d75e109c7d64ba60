using Catalogizer.Domain.Common;

namespace Catalogizer.Jobs;

/// <summary>Work that runs on a schedule or on request, independently of the requester. <see cref="JobKinds.AddJob"/> registers it.</summary>
public interface IBackgroundJob
{
    /// <summary>The name it is scheduled by. It must never change, because it is stored.</summary>
    static abstract string Name { get; }

    /// <summary>Does the work once.</summary>
    /// <param name="argument">The subject, such as a source's id; empty for a job without subjects.</param>
    /// <param name="progress">Receives the progress, as often as is convenient.</param>
    /// <param name="cancellation">Cancelled when the run is stopped; it must then end within a second.</param>
    /// <returns>What was done, in one sentence for the history.</returns>
    /// <exception cref="JobFailedException">The work could not be done; the reason is shown to users.</exception>
    Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation);
}

/// <summary>Thrown when a run cannot do its work for a reason that users can act on, not because of a bug.</summary>
public sealed class JobFailedException(string reason) : Exception(reason);
