namespace Catalogizer.Domain.Sources.Smb;

/// <summary>A login on a share. Sources with equal logins share connections.</summary>
/// <param name="SealedPassword">Unsealed only while it is passed to a worker.</param>
internal sealed record SmbLogin(string Host, int Port, string Share, string Domain, string User, string? SealedPassword, SmbEncryption Encryption)
{
    /// <summary>Whether it is used only to probe a location that is not a source.</summary>
    public bool IsProbe { get; init; }

    public bool IsGuest => User.Length == 0;

    public static SmbLogin From(SmbSource smb) =>
        new(smb.Host, smb.Port, smb.Share, smb.Domain ?? "", smb.UserName ?? "", smb.SealedPassword, smb.Encryption);
}
