using System.Globalization;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Says in a sentence what went wrong with a share, and what can be done.</summary>
internal static class SmbFaults
{
    /// <param name="path">What was asked for, relative to the source; empty for its root.</param>
    public static SourceFault Of(SmbException exception, SmbLogin login, string folder, string path)
    {
        var (kind, code, message) = Say(exception, login, path.Length == 0 ? folder : path, path.Length == 0);
        return new SourceFault(kind, message, exception)
        {
            Code = code,
            IsOfSource = exception.Trouble is not (SmbTrouble.NotThere or SmbTrouble.NotAFolder or SmbTrouble.Denied or SmbTrouble.Other),
        };
    }

    private static (SourceFaultKind Kind, string Code, string Message) Say(SmbException exception, SmbLogin login, string path, bool isRoot) => exception.Trouble switch
    {
        SmbTrouble.NoSuchHost => (SourceFaultKind.Unreachable, "noSuchHost", $"No machine of the name “{login.Host}” was found. Check the name, or use its address."),
        SmbTrouble.NoAnswer => (SourceFaultKind.Unreachable, "noAnswer", string.Create(CultureInfo.InvariantCulture, $"Nothing answers on {login.Host}, port {login.Port}. Is the file server on, and does it share files?")),
        SmbTrouble.WrongLogin or SmbTrouble.Denied when login.Share.Length == 0 => (SourceFaultKind.Denied, "wrongLogin", login.IsGuest
            ? $"{login.Host} does not list its shares to guests. Give a user name and a password; or, if you know a share that is open to guests, type its name."
            : $"{login.Host} does not accept this user name or password, or lists its shares to others only. Check both; if they are right, type the name of the share."),
        SmbTrouble.NoSuchShare or SmbTrouble.NotThere when login.Share.Length == 0 =>
            (SourceFaultKind.NotFound, "sharesNotListed", $"{login.Host} does not list its shares. Type the name of the share."),
        SmbTrouble.WrongLogin when login.IsGuest => (SourceFaultKind.Denied, "wrongLogin", $"{login.Host} lets no guests in. Give a user name and a password."),
        SmbTrouble.WrongLogin => (SourceFaultKind.Denied, "wrongLogin", $"{login.Host} does not accept this user name or password."),
        SmbTrouble.ShareRefused => (SourceFaultKind.Denied, "shareRefused", $"{login.Host} accepts the login, but not for the share “{login.Share}”. Give this user the right to read it."),
        SmbTrouble.NoSuchShare => (SourceFaultKind.NotFound, "noSuchShare", $"{login.Host} has no share “{login.Share}”."),
        SmbTrouble.NotThere when isRoot => (SourceFaultKind.NotFound, "noSuchFolder", $"The share “{login.Share}” has no folder “{path}”."),
        SmbTrouble.NotThere => (SourceFaultKind.NotFound, "notFound", $"“{path}” is not there."),
        SmbTrouble.NotAFolder => (SourceFaultKind.NotFound, "noSuchFolder", $"“{path}” is no folder."),
        SmbTrouble.Denied => (SourceFaultKind.Denied, "denied", isRoot && path.Length == 0 ? $"{login.Host} does not let this user read the share “{login.Share}”." : $"{login.Host} does not let this user read “{path}”."),
        SmbTrouble.NotEncrypted => (SourceFaultKind.Denied, "encryptionDemanded", $"This source demands encryption, and {login.Host} does not encrypt. Turn encryption on there, or do not demand it here."),
        SmbTrouble.TimedOut => (SourceFaultKind.TimedOut, "timedOut", $"{login.Host} did not answer in time."),
        SmbTrouble.Dropped => (SourceFaultKind.Unreachable, "dropped", $"The connection to {login.Host} broke off."),
        SmbTrouble.NotInstalled => (SourceFaultKind.Unreachable, "notInstalled", "Network shares are read with Samba's client library, which is not installed here. Install the package libsmbclient (libsmbclient0 on newer systems), then try again."),
        _ => (SourceFaultKind.Unreachable, "failed", string.Create(CultureInfo.InvariantCulture, $"{login.Host} gave an error ({exception.Error}).")),
    };
}
