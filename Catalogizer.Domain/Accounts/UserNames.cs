namespace Catalogizer.Domain.Accounts;

/// <summary>Names as they are looked up: letter case does not matter.</summary>
public static class UserNames
{
    /// <summary>The key of a name, however it was typed; bounded, so that a name of a megabyte costs nothing.</summary>
    public static string Normalize(string? name)
    {
        var trimmed = (name ?? "").Trim();
        return (trimmed.Length > AccountRules.MaxNameLength ? trimmed[..AccountRules.MaxNameLength] + "…" : trimmed).ToUpperInvariant();
    }
}
