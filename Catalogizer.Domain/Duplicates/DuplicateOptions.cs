using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Duplicates;

/// <summary>Limits of the comparison of files.</summary>
[SettingsSection("Catalogizer:Duplicates")]
public sealed class DuplicateOptions
{
    /// <summary>Maximum number of bytes that one run reads to compare complete files; a larger file is the only one in its run. Default: 50 GB.</summary>
    [Range(1, long.MaxValue)]
    public long BytesPerRun { get; set; } = 50_000_000_000;
}
