using Catalogizer.Domain.Common;

namespace Catalogizer.Jobs;

/// <summary>Work that runs on a schedule or on demand, apart from whoever asked for it. <see cref="JobKinds.AddJob"/> makes one known.</summary>
public interface IBackgroundJob
{
    /// <summary>The name it is scheduled by; stays the same for ever, because it is stored.</summary>
    static abstract string Name { get; }

    /// <summary>Does the work once.</summary>
    /// <param name="argument">What it is about, such as a source's id; empty for a job there is one of.</param>
    /// <param name="progress">Told, as often as is convenient, how far it is.</param>
    /// <param name="cancellation">Cancelled when somebody stops the run; it ends within a second then.</param>
    /// <returns>What was done, in a sentence for the history.</returns>
    /// <exception cref="JobFailedException">It could not be done; the reason is shown.</exception>
    Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation);
}

/// <summary>A run that could not do its work, for a reason that people can act on; no fault of the program.</summary>
public sealed class JobFailedException(string reason) : Exception(reason);
