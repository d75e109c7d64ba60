namespace Catalogizer.Domain.Sources.Smb;

/// <summary>What went wrong with a file server, told apart as far as anybody can act on it.</summary>
internal enum SmbTrouble : byte
{
    NoSuchHost = 1,
    NoAnswer,
    WrongLogin,
    ShareRefused,
    NoSuchShare,
    NotThere,
    NotAFolder,
    Denied,
    NotEncrypted,
    TimedOut,
    Dropped,
    NotInstalled,
    Other,
}

/// <summary>A call to a file server failed.</summary>
/// <param name="error">The system's number for it; 0 when there is none.</param>
internal sealed class SmbException(SmbTrouble trouble, int error = 0) : Exception($"{trouble} ({error})")
{
    public SmbTrouble Trouble { get; } = trouble;

    public int Error { get; } = error;
}
