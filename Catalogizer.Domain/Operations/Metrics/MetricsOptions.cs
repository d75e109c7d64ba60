using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Operations.Metrics;

/// <summary>Who may read <c>/metrics</c> besides users with the permission.</summary>
[SettingsSection("Catalogizer:Metrics")]
public sealed class MetricsOptions
{
    /// <summary>Bearer token of a collector such as Prometheus, at least 16 characters; null accepts no token. Default: null.</summary>
    [MinLength(16, ErrorMessage = "A token needs at least 16 characters.")]
    public string? Token { get; set; }
}
