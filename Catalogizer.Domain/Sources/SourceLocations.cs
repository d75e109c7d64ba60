using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;

namespace Catalogizer.Domain.Sources;

/// <summary>
/// Where sources are is for those with the permission, and for those who manage sources. Sentences about a source may name its folder,
/// server, share or user anywhere, those of long ago too: for everybody else they are replaced, never searched.
/// </summary>
public static class SourceLocations
{
    internal const string CannotBeRead = "It cannot be read right now.";

    public static bool MaySeeLocations(this Actor actor) => actor.May(Permission.SourcesPaths) || actor.May(Permission.SourcesManage);

    /// <summary>A sentence about a source as this person may read it.</summary>
    /// <param name="instead">What others read.</param>
    internal static string? ForReader(this string? sentence, Actor actor, string instead = CannotBeRead) =>
        sentence is null || actor.MaySeeLocations() ? sentence : instead;

    internal static ScanView ForReader(this ScanView scan, Actor actor) => scan.State != ScanState.Failed
        ? scan
        : scan with { Reason = scan.Reason.ForReader(actor, "The source could not be read to the end. Whoever manages it can see why.") };

    internal static SourceStatus ForReader(this SourceStatus status, Actor actor) => actor.MaySeeLocations() ? status : status with
    {
        Place = null,
        LastError = status.LastError.ForReader(actor),
        WatchGap = status.WatchGap.ForReader(actor, "They show with the next check."),
        LastScan = status.LastScan?.ForReader(actor),
        LastFinding = status.LastFinding?.ForReader(actor),
    };

    internal static SourceView ForReader(this SourceView source, Actor actor) => actor.MaySeeLocations()
        ? source
        : source with { Path = null, Host = null, Port = null, Share = null, Folder = null, Domain = null, Username = null, Encryption = null };

    internal static FolderWindow ForReader(this FolderWindow window, Actor actor) => actor.MaySeeLocations() ? window : window with
    {
        Problem = window.Problem.ForReader(actor),
        Entries = [.. window.Entries.Select(e => e.Problem is null ? e : e with { Problem = e.Problem.ForReader(actor) })],
    };

    internal static MediaSummary ForReader(this MediaSummary item, Actor actor) => item.Absence is null ? item : item with { Absence = item.Absence.ForReader(actor) };

    internal static IReadOnlyList<MediaSummary> ForReader(this IReadOnlyList<MediaSummary> items, Actor actor) =>
        items.All(item => item.Absence is null) ? items : [.. items.Select(item => item.ForReader(actor))];

    internal static IReadOnlyList<MediaVersion> ForReader(this IReadOnlyList<MediaVersion> copies, Actor actor) =>
        [.. copies.Select(copy => copy.Absence is null ? copy : copy with { Absence = copy.Absence.ForReader(actor) })];

    private static Absence ForReader(this Absence absence, Actor actor) => absence with { Reason = absence.Sentence.ForReader(actor, absence.Reason) ?? absence.Reason };

    /// <summary>Why a file or a source could not be read, as this person may read it.</summary>
    public static string MessageFor(this SourceFault fault, Actor actor) => actor.MaySeeLocations() ? fault.Message : fault.Kind switch
    {
        SourceFaultKind.NotFound => "The file is no longer where it was.",
        SourceFaultKind.Denied => "The source does not let the file be read.",
        SourceFaultKind.Forbidden => "Files are not read from there.",
        SourceFaultKind.TimedOut => "The source did not answer in time. Try again later.",
        _ => "The source does not answer. Try again later.",
    };
}
