namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Errors of file servers, as far apart as a user can act on them.</summary>
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
/// <param name="errorNumber">The system's error number; 0 when there is none.</param>
internal sealed class SmbException(SmbError kind, int errorNumber = 0) : Exception($"{kind} ({errorNumber})")
{
    public SmbError Kind { get; } = kind;

    public int ErrorNumber { get; } = errorNumber;
}
