using System.Globalization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Web.Components.Ui;

/// <summary>What people read about copies that cannot be had now.</summary>
internal static class AbsenceLabels
{
    /// <summary>The source by its name, and how many more there are: "Portable disk and 2 more".</summary>
    public static string FormatSources(this Absence absence) =>
        absence.More == 0 ? DisplayName.From(absence.Source) : string.Create(CultureInfo.InvariantCulture, $"{DisplayName.From(absence.Source)} and {absence.More} more");

    /// <summary>Everything in a line: where it is, since when it is away and why.</summary>
    public static string Describe(this Absence absence) => string.Concat(
        absence.Since is { } since ? $"Offline since {RelativeTime.FormatExact(since)}" : "Offline",
        $": on {absence.FormatSources()}",
        absence.LastSeenAt is { } lastSeenAt ? $", last seen {RelativeTime.FormatExact(lastSeenAt)}" : "",
        ". ",
        DisplayName.From(absence.Reason),
        absence.IsElsewhere ? " Available elsewhere." : "");
}
