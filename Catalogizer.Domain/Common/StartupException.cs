namespace Catalogizer.Domain.Common;

/// <summary>
/// The program cannot start, or a command cannot run, for a reason that the user at the console can fix. The message is one sentence or a
/// list of them.
/// </summary>
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
