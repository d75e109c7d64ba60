namespace Catalogizer.Domain.Accounts;

/// <summary>Normalises user names for look-ups: letter case does not matter.</summary>
public static class UserNames
{
    /// <summary>The look-up key of a name, however it was typed. Its length is limited, so that a name of a megabyte costs nothing.</summary>
    public static string Normalize(string? name)
    {
        var trimmed = (name ?? "").Trim();
        return (trimmed.Length > AccountRules.MaxNameLength ? trimmed[..AccountRules.MaxNameLength] + "…" : trimmed).ToUpperInvariant();
    }
}
