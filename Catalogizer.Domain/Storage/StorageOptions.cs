using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Storage;

/// <summary>Where the catalogue is stored and the key that opens it.</summary>
[SettingsSection("Catalogizer")]
public sealed class StorageOptions
{
    /// <summary>The data folder; relative paths start at the project's home folder. Default: "data".</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Whether the data folder may be on a network file system, where SQLite's locks are unreliable. Default: false.</summary>
    public bool AllowNetworkDataDirectory { get; set; }

    /// <summary>
    /// The database key as a passphrase. The environment variable CATALOGIZER_DB_KEY takes precedence. Default: none, a key file is used.
    /// </summary>
    public string? DatabaseKey { get; set; }

    /// <summary>The file with the key, created at the first start with mode 0600. Default: catalogizer.key in the data folder.</summary>
    public string? DatabaseKeyFile { get; set; }
}
