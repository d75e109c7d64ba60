using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Storage;

/// <summary>Where the catalogue lies and what opens it.</summary>
[SettingsSection("Catalogizer")]
public sealed class StorageOptions
{
    /// <summary>The data folder; relative paths start at the project's home. Default: "data".</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Whether the data folder may lie on a network file system, where SQLite's locks are not to be trusted. Default: false.</summary>
    public bool AllowNetworkDataDirectory { get; set; }

    /// <summary>The database key as a passphrase. The variable CATALOGIZER_DB_KEY says the same and wins. Default: none, a key file is used.</summary>
    public string? DatabaseKey { get; set; }

    /// <summary>The file the key is read from, made on first start with mode 0600. Default: catalogizer.key in the data folder.</summary>
    public string? DatabaseKeyFile { get; set; }
}
