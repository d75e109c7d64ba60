namespace Catalogizer.Domain.Storage;

/// <summary>The program cannot start, or a verb cannot run, for a reason the person at the console can put right. The message is one sentence or a list of them.</summary>
public sealed class StartupException : Exception
{
    public StartupException(string message)
        : base(message)
    {
    }

    public StartupException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
