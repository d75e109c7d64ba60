using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Storage;

/// <summary>Where the catalogue lies and what opens it.</summary>
[SettingsSection("Catalogizer")]
public sealed class StorageOptions
{
    /// <summary>The folder that holds the catalogue and its key; a relative one is taken from Catalogizer's own folder. Default: data.</summary>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>Opens a data folder on a network file system, where a lost lock can damage the catalogue. Default: refused.</summary>
    public bool AllowNetworkDataDirectory { get; set; }

    /// <summary>The passphrase that encrypts the catalogue. Default: the key file's content.</summary>
    public string? DatabaseKey { get; set; }

    /// <summary>The file that holds the passphrase, made at the first start. Default: catalogizer.key in the data folder.</summary>
    public string? DatabaseKeyFile { get; set; }
}
