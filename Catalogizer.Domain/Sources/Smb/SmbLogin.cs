namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Who connects to which share. What two sources have in common here, they share connections by.</summary>
/// <param name="SealedPassword">Opened only while it is handed to a worker.</param>
internal sealed record SmbLogin(string Host, int Port, string Share, string Domain, string User, string? SealedPassword, SmbEncryption Encryption)
{
    /// <summary>Whether it only tries a place that is no source.</summary>
    public bool IsProbe { get; init; }

    public bool IsGuest => User.Length == 0;

    public static SmbLogin From(SmbSource smb) =>
        new(smb.Host, smb.Port, smb.Share, smb.Domain ?? "", smb.UserName ?? "", smb.SealedPassword, smb.Encryption);
}
