using System.Globalization;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources;

/// <summary>A location could not be read; the message says why and what to do.</summary>
/// <param name="Code">Error code for scripts: "noAnswer", "wrongLogin", …</param>
public sealed record SourceUnreadable(string Code, string Message) : Error(Message);

/// <summary>Errors that users of sources can get.</summary>
internal static class SourceErrors
{
    public static NotFoundError SourceNotFound(long id) => new(string.Create(CultureInfo.InvariantCulture, $"There is no source {id}."));

    public static InvalidError NameMissing => new("name", "Give the source a name, such as “Films”.");

    public static InvalidError NameTooLong => new("name", "The name may have 100 characters at most.");

    public static InvalidError NameTaken(string name) => new("name", $"Another source is already called “{name}”. Choose another name.");

    public static InvalidError UnknownProtocol(string? protocol, IEnumerable<string> known) =>
        new("protocol", $"“{protocol}” is no protocol that this program speaks. Use one of: {string.Join(", ", known)}.");

    public static InvalidError AlreadyASource(string field, string name) => new(field, $"The source “{name}” is this folder already.");

    public static InvalidError InsideSource(string field, string name, string location) =>
        new(field, $"This folder lies inside the source “{name}” ({location}); its files are in the catalogue through that one.");

    public static InvalidError ContainsSource(string field, string name, string location) =>
        new(field, $"This folder holds the source “{name}” ({location}); its files would be in the catalogue twice. Archive or remove that one first, or choose another folder.");

    public static InvalidError PasswordRequired =>
        new("password", "The password that is kept is for another server or user. Enter the one for this.");

    public static InvalidError NotOneOf(string field, string? value, params ReadOnlySpan<string> allowed) =>
        new(field, $"“{value}” is not one of: {string.Join(", ", allowed.ToArray())}.");

    public static InvalidError InvalidSchedule(string schedule, string reason) =>
        new("schedule", $"“{schedule}” is no schedule: {reason} Use a cron expression such as “0 0 3 * * ?” (every night at three).");

    public static SourceUnreadable CannotBeRead(SourceException exception) => new(GetCode(exception), exception.Message);

    /// <summary>The error code for scripts.</summary>
    public static string GetCode(SourceException exception) => exception.Code ?? exception.Kind switch
    {
        SourceErrorKind.NotFound => "notFound",
        SourceErrorKind.Denied => "denied",
        SourceErrorKind.TimedOut => "timedOut",
        SourceErrorKind.Forbidden => "forbidden",
        _ => "unreachable",
    };

    public static NotFoundError Archived(string name) => new($"The source “{name}” is archived, and its files are not read. Bring it back first.");

    public static ConflictError FirstScanRunning => new("A first scan is running. Wait until it has ended, or cancel it.");

    public static NotFoundError RemovedSourceNotFound(long id) => new(string.Create(CultureInfo.InvariantCulture, $"There is no removed source {id}."));

    public static ConflictError PurgeInProgress(string name) => new($"“{name}” is being deleted from the catalogue and cannot be brought back. Add its folder again instead.");

    public static ConflictError LocationTaken(string name, string other) => new($"The folder of “{name}” is in the catalogue as “{other}” now. Remove that source first.");

    public static InvalidError PreviewExpired => new("token", "The preview has expired, or what would be removed is different now. Look at the preview again.");

    public static NotFoundError FolderNotFound(string path) => new($"The catalogue knows no folder “{path}” on this source.");

    /// <summary>The value's name in forms and in the API.</summary>
    public static string ToApiName(SmbEncryption encryption) => encryption switch
    {
        SmbEncryption.Off => "off",
        SmbEncryption.IfOffered => "ifOffered",
        _ => "required",
    };
}
