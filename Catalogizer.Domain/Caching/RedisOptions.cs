using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Caching;

/// <summary>A cache that several servers share.</summary>
[SettingsSection("Catalogizer:Redis")]
public sealed class RedisOptions
{
    /// <summary>Host and port of a Redis server, with password=… after a comma if it needs one. Default: no server is used.</summary>
    public string? ConnectionString { get; set; }
}
