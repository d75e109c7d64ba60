using System.Globalization;
using Catalogizer.Domain.Upkeep;

namespace Catalogizer.Web.Components.Library;

/// <summary>Display texts of the backlog.</summary>
internal static class BacklogLabels
{
    /// <summary>"1,240 of 2,993 copies still to be analysed. 12 of 90 items still to be looked up."</summary>
    public static string Of(Backlog backlog) => string.Join(' ', new[]
    {
        Left(backlog.Analysis, "copies still to be analysed."),
        Left(backlog.Lookup, "items still to be looked up."),
        backlog.Lookup.Left > 0 ? backlog.LookupTrouble : null,
    }.OfType<string>());

    private static string? Left(BacklogCount work, string what) => work.Left == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{work.Left:N0} of {work.Total:N0} {what}");
}
