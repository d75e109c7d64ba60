using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Web.Accounts;

/// <summary>How often somebody may try to sign in.</summary>
[SettingsSection("Catalogizer:SignIn")]
public sealed class SignInOptions
{
    /// <summary>Attempts a minute from one network (IPv4 /24, IPv6 /64), or from a browser that signed in before, over all doors together. Default: 10.</summary>
    [Range(1, 10_000)]
    public int AttemptsPerMinute { get; set; } = 10;
}
