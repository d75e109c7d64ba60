using System.Globalization;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Web.Components.Library;

/// <summary>Display texts of the backlog.</summary>
internal static class BacklogLabels
{
    /// <summary>"1,240 of 2,993 copies still to be analysed. 12 of 90 items still to be looked up."</summary>
    public static string For(Backlog backlog) => string.Join(' ', new[]
    {
        FormatRemaining(backlog.Analysis, "copies still to be analysed."),
        FormatRemaining(backlog.Lookup, "items still to be looked up."),
        backlog.Lookup.Left > 0 ? backlog.LookupTrouble : null,
    }.OfType<string>());

    private static string? FormatRemaining(BacklogCount remaining, string label) => remaining.Left == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{remaining.Left:N0} of {remaining.Total:N0} {label}");
}
