using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Scanning;

namespace Catalogizer.Domain.Sources;

/// <summary>
/// Hides the locations of sources from users without permission to see locations or manage sources. Messages about a source, also old
/// ones, may name its folder, server, share or user anywhere, so a message is replaced as a whole instead of searched for names.
/// </summary>
public static class LocationRedaction
{
    internal const string UnreadableMessage = "It cannot be read right now.";

    public static bool CanSeeLocations(this Actor actor) => actor.HasPermission(Permission.SourcesPaths) || actor.HasPermission(Permission.SourcesManage);

    /// <summary>A message about a source as <paramref name="actor"/> may see it.</summary>
    /// <param name="replacement">The message for users who may not see locations.</param>
    internal static string? RedactFor(this string? message, Actor actor, string replacement = UnreadableMessage) =>
        message is null || actor.CanSeeLocations() ? message : replacement;

    internal static ScanView RedactFor(this ScanView scan, Actor actor) => scan.State != ScanState.Failed
        ? scan
        : scan with { Reason = scan.Reason.RedactFor(actor, "The source could not be read to the end. Whoever manages it can see why.") };

    internal static SourceStatus RedactFor(this SourceStatus status, Actor actor) => actor.CanSeeLocations() ? status : status with
    {
        Location = null,
        LastError = status.LastError.RedactFor(actor),
        WatchLimitation = status.WatchLimitation.RedactFor(actor, "They show with the next check."),
        LastScan = status.LastScan?.RedactFor(actor),
        LastScanWithChanges = status.LastScanWithChanges?.RedactFor(actor),
    };

    internal static SourceView RedactFor(this SourceView source, Actor actor) => actor.CanSeeLocations()
        ? source
        : source with { Path = null, Host = null, Port = null, Share = null, Folder = null, Domain = null, Username = null, Encryption = null };

    internal static FolderWindow RedactFor(this FolderWindow window, Actor actor) => actor.CanSeeLocations() ? window : window with
    {
        Problem = window.Problem.RedactFor(actor),
        Entries = [.. window.Entries.Select(e => e.Problem is null ? e : e with { Problem = e.Problem.RedactFor(actor) })],
    };

    internal static MediaSummary RedactFor(this MediaSummary item, Actor actor) => item.Absence is null ? item : item with { Absence = item.Absence.RedactFor(actor) };

    internal static IReadOnlyList<MediaSummary> RedactFor(this IReadOnlyList<MediaSummary> items, Actor actor) =>
        items.All(item => item.Absence is null) ? items : [.. items.Select(item => item.RedactFor(actor))];

    internal static IReadOnlyList<MediaVersion> RedactFor(this IReadOnlyList<MediaVersion> copies, Actor actor) =>
        [.. copies.Select(copy => copy.Absence is null ? copy : copy with { Absence = copy.Absence.RedactFor(actor) })];

    private static Absence RedactFor(this Absence absence, Actor actor) => absence with { Reason = absence.Sentence.RedactFor(actor, absence.Reason) ?? absence.Reason };

    /// <summary>Why a file or source could not be read, as <paramref name="actor"/> may see it.</summary>
    public static string MessageFor(this SourceException exception, Actor actor) => actor.CanSeeLocations() ? exception.Message : exception.Kind switch
    {
        SourceErrorKind.NotFound => "The file is no longer where it was.",
        SourceErrorKind.Denied => "The source does not let the file be read.",
        SourceErrorKind.Forbidden => "Files are not read from there.",
        SourceErrorKind.TimedOut => "The source did not answer in time. Try again later.",
        _ => "The source does not answer. Try again later.",
    };
}
