using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Caching;

/// <summary>A cache that several servers share.</summary>
[SettingsSection("Catalogizer:Redis")]
public sealed class RedisOptions
{
    /// <summary>Where a Redis server answers: host and port, with password=… after a comma if it wants one. Default: none is used.</summary>
    public string? ConnectionString { get; set; }
}
