using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Quality;

/// <summary>Limits of the analysis of files.</summary>
[SettingsSection("Catalogizer:Quality")]
public sealed class QualityOptions
{
    /// <summary>Maximum duration of the analysis of one file. Default: 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Number of files analysed in parallel. Default: 1.</summary>
    [Range(1, 16)]
    public int FilesAtATime { get; set; } = 1;
}
