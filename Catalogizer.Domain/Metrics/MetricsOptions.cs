using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metrics;

/// <summary>Who may read <c>/metrics</c> besides people with the permission.</summary>
[SettingsSection("Catalogizer:Metrics")]
public sealed class MetricsOptions
{
    /// <summary>What a collector such as Prometheus sends as its bearer token, at least 16 characters; null: there is none. Default: null.</summary>
    [MinLength(16, ErrorMessage = "A token needs at least 16 characters.")]
    public string? Token { get; set; }
}
