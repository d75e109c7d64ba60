using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Duplicates;

/// <summary>How files are compared.</summary>
[SettingsSection("Catalogizer:Duplicates")]
public sealed class DuplicateOptions
{
    /// <summary>The most bytes that one run reads to compare whole files; a file that is larger than that is read in a run of its own.</summary>
    [Range(1, long.MaxValue)]
    public long BytesPerRun { get; set; } = 50_000_000_000;
}
