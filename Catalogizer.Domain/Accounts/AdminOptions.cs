using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Accounts;

/// <summary>The first admin, for installations without a browser. Ignored as soon as an admin exists.</summary>
[SettingsSection("Catalogizer:Admin")]
public sealed class AdminOptions
{
    /// <summary>The first admin's user name. Default: none, the first admin is created on the setup page.</summary>
    public string? UserName { get; set; }

    /// <summary>The first admin's password, at least 10 characters. Default: none.</summary>
    public string? Password { get; set; }
}
