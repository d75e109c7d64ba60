namespace Catalogizer.Domain.Sources.Smb;

/// <summary>What went wrong with a file server, told apart as far as anybody can act on it.</summary>
internal enum SmbError : byte
{
    HostNotFound = 1,
    NoAnswer,
    WrongLogin,
    ShareRefused,
    ShareNotFound,
    NotFound,
    NotAFolder,
    Denied,
    NotEncrypted,
    TimedOut,
    Dropped,
    NotInstalled,
    Other,
}

/// <summary>A call to a file server failed.</summary>
/// <param name="errorNumber">The system's number for it; 0 when there is none.</param>
internal sealed class SmbException(SmbError kind, int errorNumber = 0) : Exception($"{kind} ({errorNumber})")
{
    public SmbError Kind { get; } = kind;

    public int ErrorNumber { get; } = errorNumber;
}
