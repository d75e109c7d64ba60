namespace Catalogizer.Domain.Catalog;

/// <summary>
/// Whether a file is still where it was. Ordered from best to worst: an item is as present as its best version.
/// </summary>
public enum Presence
{
    /// <summary>Seen by the last complete scan, and its source answers.</summary>
    Present = 0,

    /// <summary>Could not be checked: the source is unreachable or the folder could not be read.</summary>
    Unknown = 1,

    /// <summary>Its folder was listed completely, without error, and did not contain it.</summary>
    Missing = 2,

    /// <summary>Archived by a user; it stays in the catalogue with everything that belongs to it.</summary>
    Retired = 3,
}

public static class Presences
{
    private static readonly string[] ApiNames = ["present", "unknown", "missing", "retired"];

    public static IReadOnlyList<string> All => ApiNames;

    public static string ToApiName(this Presence presence) => ApiNames[(int)presence];

    public static bool TryParse(string? apiName, out Presence presence)
    {
        var index = Array.IndexOf(ApiNames, apiName);
        presence = index < 0 ? Presence.Present : (Presence)index;
        return index >= 0;
    }
}
