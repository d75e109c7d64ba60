using System.Globalization;
using Catalogizer.Domain.Library;

namespace Catalogizer.Web.Components.Ui;

/// <summary>Display texts for versions that are currently not available.</summary>
internal static class AbsenceLabels
{
    /// <summary>The source's name and the number of further ones: "Portable disk and 2 more".</summary>
    public static string FormatSources(this Absence absence) =>
        absence.More == 0 ? DisplayName.From(absence.Source) : string.Create(CultureInfo.InvariantCulture, $"{DisplayName.From(absence.Source)} and {absence.More} more");

    /// <summary>All of it on one line: the source, since when it is offline, and why.</summary>
    public static string Describe(this Absence absence) => string.Concat(
        absence.Since is { } since ? $"Offline since {RelativeTime.FormatExact(since)}" : "Offline",
        $": on {absence.FormatSources()}",
        absence.LastSeenAt is { } lastSeenAt ? $", last seen {RelativeTime.FormatExact(lastSeenAt)}" : "",
        ". ",
        DisplayName.From(absence.Reason),
        absence.IsElsewhere ? " Available elsewhere." : "");
}
