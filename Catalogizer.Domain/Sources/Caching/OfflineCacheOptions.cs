using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources.Caching;

/// <summary>What is kept of sources for the time they are away.</summary>
[SettingsSection("Catalogizer:OfflineCache")]
public sealed class OfflineCacheOptions
{
    /// <summary>The most it may hold, in MiB: 0 keeps nothing. Default: 256.</summary>
    [Range(0, 1024 * 1024)]
    public int MaxSize { get; set; } = 256;
}
