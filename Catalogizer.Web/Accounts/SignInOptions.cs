using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Web.Accounts;

/// <summary>Limits for sign-in attempts.</summary>
[SettingsSection("Catalogizer:SignIn")]
public sealed class SignInOptions
{
    /// <summary>Per minute, from one network (IPv4 /24, IPv6 /64) or from a browser that signed in before, over all ways to sign in. Default: 10.</summary>
    [Range(1, 10_000)]
    public int AttemptsPerMinute { get; set; } = 10;
}
