namespace Catalogizer.Jobs;

/// <summary>Work that runs on a schedule or on demand, apart from whoever asked for it.</summary>
public interface IBackgroundJob
{
    /// <summary>The name it is scheduled by; stays the same for ever, because it is stored.</summary>
    static abstract string Name { get; }

    /// <summary>Does the work once.</summary>
    /// <param name="argument">What it is about, such as a source's id.</param>
    /// <returns>What was done, in a sentence for the history.</returns>
    Task<string> RunAsync(string argument, CancellationToken cancellation);
}
