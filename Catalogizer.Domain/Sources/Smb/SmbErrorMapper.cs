using System.Globalization;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Maps errors of a share to messages that say what happened and what to do.</summary>
internal static class SmbErrorMapper
{
    /// <param name="path">The requested path relative to the source; empty for its root.</param>
    public static SourceException Map(SmbException exception, SmbLogin login, string folder, string path)
    {
        var (kind, code, message) = Describe(exception, login, path.Length == 0 ? folder : path, path.Length == 0);
        return new SourceException(kind, message, exception)
        {
            Code = code,
            IsSourceWide = exception.Kind is not (SmbError.NotFound or SmbError.NotAFolder or SmbError.Denied or SmbError.Other),
        };
    }

    private static (SourceErrorKind Kind, string Code, string Message) Describe(SmbException exception, SmbLogin login, string path, bool isRoot) => exception.Kind switch
    {
        SmbError.HostNotFound => (SourceErrorKind.Unreachable, "noSuchHost", $"No machine of the name “{login.Host}” was found. Check the name, or use its address."),
        SmbError.NoAnswer => (SourceErrorKind.Unreachable, "noAnswer", string.Create(CultureInfo.InvariantCulture, $"Nothing answers on {login.Host}, port {login.Port}. Is the file server on, and does it share files?")),
        SmbError.WrongLogin or SmbError.Denied when login.Share.Length == 0 => (SourceErrorKind.Denied, "wrongLogin", login.IsGuest
            ? $"{login.Host} does not list its shares to guests. Give a user name and a password; or, if you know a share that is open to guests, type its name."
            : $"{login.Host} does not accept this user name or password, or lists its shares to others only. Check both; if they are right, type the name of the share."),
        SmbError.ShareNotFound or SmbError.NotFound when login.Share.Length == 0 =>
            (SourceErrorKind.NotFound, "sharesNotListed", $"{login.Host} does not list its shares. Type the name of the share."),
        SmbError.WrongLogin when login.IsGuest => (SourceErrorKind.Denied, "wrongLogin", $"{login.Host} lets no guests in. Give a user name and a password."),
        SmbError.WrongLogin => (SourceErrorKind.Denied, "wrongLogin", $"{login.Host} does not accept this user name or password."),
        SmbError.ShareRefused => (SourceErrorKind.Denied, "shareRefused", $"{login.Host} accepts the login, but not for the share “{login.Share}”. Give this user the right to read it."),
        SmbError.ShareNotFound => (SourceErrorKind.NotFound, "noSuchShare", $"{login.Host} has no share “{login.Share}”."),
        SmbError.NotFound when isRoot => (SourceErrorKind.NotFound, "noSuchFolder", $"The share “{login.Share}” has no folder “{path}”."),
        SmbError.NotFound => (SourceErrorKind.NotFound, "notFound", $"“{path}” is not there."),
        SmbError.NotAFolder => (SourceErrorKind.NotFound, "noSuchFolder", $"“{path}” is no folder."),
        SmbError.Denied => (SourceErrorKind.Denied, "denied", isRoot && path.Length == 0 ? $"{login.Host} does not let this user read the share “{login.Share}”." : $"{login.Host} does not let this user read “{path}”."),
        SmbError.NotEncrypted => (SourceErrorKind.Denied, "encryptionDemanded", $"This source demands encryption, and {login.Host} does not encrypt. Turn encryption on there, or do not demand it here."),
        SmbError.TimedOut => (SourceErrorKind.TimedOut, "timedOut", $"{login.Host} did not answer in time."),
        SmbError.Dropped => (SourceErrorKind.Unreachable, "dropped", $"The connection to {login.Host} broke off."),
        SmbError.NotInstalled => (SourceErrorKind.Unreachable, "notInstalled", "Network shares are read with Samba's client library, which is not installed here. Install the package libsmbclient (libsmbclient0 on newer systems), then try again."),
        _ => (SourceErrorKind.Unreachable, "failed", string.Create(CultureInfo.InvariantCulture, $"{login.Host} gave an error ({exception.ErrorNumber}).")),
    };
}
