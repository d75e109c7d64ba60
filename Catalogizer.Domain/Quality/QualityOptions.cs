using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Quality;

/// <summary>How files are looked into.</summary>
[SettingsSection("Catalogizer:Quality")]
public sealed class QualityOptions
{
    /// <summary>How long one file may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Files at a time.</summary>
    [Range(1, 16)]
    public int FilesAtATime { get; set; } = 1;
}
