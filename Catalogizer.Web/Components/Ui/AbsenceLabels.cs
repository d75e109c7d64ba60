using System.Globalization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Web.Components.Ui;

/// <summary>What people read about copies that cannot be had now.</summary>
internal static class AbsenceLabels
{
    /// <summary>The source by its name, and how many more there are: "Portable disk and 2 more".</summary>
    public static string Where(this Absence absence) =>
        absence.More == 0 ? DisplayName.Of(absence.Source) : string.Create(CultureInfo.InvariantCulture, $"{DisplayName.Of(absence.Source)} and {absence.More} more");

    /// <summary>Everything in a line: where it is, since when it is away and why.</summary>
    public static string Sentence(this Absence absence) => string.Concat(
        absence.Since is { } since ? $"Offline since {RelativeTime.Exact(since)}" : "Offline",
        $": on {absence.Where()}",
        absence.LastSeenAt is { } seen ? $", last seen {RelativeTime.Exact(seen)}" : "",
        ". ",
        DisplayName.Of(absence.Reason),
        absence.IsElsewhere ? " Available elsewhere." : "");
}
