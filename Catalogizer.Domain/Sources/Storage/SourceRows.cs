using System.Globalization;

namespace Catalogizer.Domain.Sources.Storage;

/// <summary>SQL conditions on the rows of sources.</summary>
internal static class SourceRows
{
    /// <summary>Sources that are neither paused, archived nor removed.</summary>
    public static string IsActive(string source) => $"{IsCounted(source)} AND {source}.is_paused = 0";

    /// <summary>Sources whose files can be read for analysis: those that are reachable and active.</summary>
    public static string IsReadable(string source) => $"{source}.availability = {(int)SourceAvailability.Reachable} AND {IsActive(source)}";

    public static string IsCounted(string source) => $"{source}.standing = {(int)SourceLifecycle.Counted}";

    public static string IsInCatalog(string source) => $"{source}.standing < {(int)SourceLifecycle.Removed}";

    /// <summary>The items that are on at least one counted source.</summary>
    /// <param name="item">An alias of <c>media_items</c>.</param>
    public static string IsItemCounted(string item) => LifecycleCondition(item, string.Create(CultureInfo.InvariantCulture, $"= {(int)SourceLifecycle.Counted}"));

    /// <summary>The items that are not only on removed sources.</summary>
    public static string IsItemInCatalog(string item) => LifecycleCondition(item, string.Create(CultureInfo.InvariantCulture, $"< {(int)SourceLifecycle.Removed}"));

    private static string LifecycleCondition(string item, string standing) => $"(SELECT h.standing FROM holdings h WHERE h.id = {item}.holding_id) {standing}";
}
