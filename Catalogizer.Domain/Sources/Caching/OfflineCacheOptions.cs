using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources.Caching;

/// <summary>The cache for sources that are offline.</summary>
[SettingsSection("Catalogizer:OfflineCache")]
public sealed class OfflineCacheOptions
{
    /// <summary>Maximum size in MiB; 0 turns the cache off. Default: 256.</summary>
    [Range(0, 1024 * 1024)]
    public int MaxSize { get; set; } = 256;
}
