namespace Catalogizer.Domain.Media;

/// <summary>
/// What is known of a file being where it was. Ordered from best to worst: an item is as present as its best copy.
/// </summary>
public enum Presence
{
    /// <summary>It was there at the last complete look, and its source answers.</summary>
    Present = 0,

    /// <summary>Nobody could look: the source is unreachable or the folder could not be read.</summary>
    Unknown = 1,

    /// <summary>Its folder was listed completely, without error, and it was not in it.</summary>
    Missing = 2,

    /// <summary>Given up by the admin; kept in the catalogue with everything that belongs to it.</summary>
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
