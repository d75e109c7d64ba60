using System.Globalization;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources;

/// <summary>A place could not be read; the message says why and what to do.</summary>
/// <param name="Code">The trouble in a word: "noAnswer", "wrongLogin", …</param>
public sealed record Unreadable(string Code, string Message) : Error(Message);

/// <summary>The source is not in a state in which that can be done.</summary>
public sealed record SourceStateConflict(string Message) : Error(Message);

/// <summary>What a person can run into with sources.</summary>
internal static class SourceErrors
{
    public static NotFoundError NoSuchSource(long id) => new(string.Create(CultureInfo.InvariantCulture, $"There is no source {id}."));

    public static InvalidError NameMissing => new("name", "Give the source a name, such as “Films”.");

    public static InvalidError NameTooLong => new("name", "The name may have 100 characters at most.");

    public static InvalidError NameTaken(string name) => new("name", $"Another source is already called “{name}”. Choose another name.");

    public static InvalidError UnknownProtocol(string? protocol, IEnumerable<string> known) =>
        new("protocol", $"“{protocol}” is no protocol that this program speaks. Use one of: {string.Join(", ", known)}.");

    public static InvalidError SamePlace(string field, string name) => new(field, $"The source “{name}” is this folder already.");

    public static InvalidError InsideAnother(string field, string name, string place) =>
        new(field, $"This folder lies inside the source “{name}” ({place}); its files are in the catalogue through that one.");

    public static InvalidError HoldsAnother(string field, string name, string place) =>
        new(field, $"This folder holds the source “{name}” ({place}); its files would be in the catalogue twice. Archive or remove that one first, or choose another folder.");

    public static InvalidError PasswordAgain =>
        new("password", "The password that is kept is for another server or user. Enter the one for this.");

    public static InvalidError BadWord(string field, string? value, params ReadOnlySpan<string> words) =>
        new(field, $"“{value}” is not one of: {string.Join(", ", words.ToArray())}.");

    public static InvalidError BadSchedule(string schedule, string why) =>
        new("schedule", $"“{schedule}” is no schedule: {why} Use a cron expression such as “0 0 3 * * ?” (every night at three).");

    public static Unreadable CannotBeRead(SourceFault fault) => new(Code(fault), fault.Message);

    /// <summary>The trouble in a word for scripts.</summary>
    public static string Code(SourceFault fault) => fault.Code ?? fault.Kind switch
    {
        SourceFaultKind.NotFound => "notFound",
        SourceFaultKind.Denied => "denied",
        SourceFaultKind.TimedOut => "timedOut",
        SourceFaultKind.Forbidden => "forbidden",
        _ => "unreachable",
    };

    public static NotFoundError Archived(string name) => new($"The source “{name}” is archived, and its files are not read. Bring it back first.");

    public static SourceStateConflict FirstScanRuns => new("A first scan is running. Wait until it has ended, or cancel it.");

    public static NotFoundError NoRemovedSource(long id) => new(string.Create(CultureInfo.InvariantCulture, $"There is no removed source {id}."));

    public static SourceStateConflict IsPurging(string name) => new($"“{name}” is being deleted from the catalogue and cannot be brought back. Add its folder again instead.");

    public static SourceStateConflict PlaceTaken(string name, string other) => new($"The folder of “{name}” is in the catalogue as “{other}” now. Remove that source first.");

    public static InvalidError PreviewExpired => new("token", "The preview has expired, or what would be removed is different now. Look at the preview again.");

    public static NotFoundError NoSuchFolder(string path) => new($"The catalogue knows no folder “{path}” on this source.");

    /// <summary>A choice as forms and scripts write it.</summary>
    public static string Word(SmbEncryption encryption) => encryption switch
    {
        SmbEncryption.Off => "off",
        SmbEncryption.IfOffered => "ifOffered",
        _ => "required",
    };
}
