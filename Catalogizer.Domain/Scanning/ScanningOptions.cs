using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Scanning;

/// <summary>How sources are scanned.</summary>
[SettingsSection("Catalogizer:Scanning")]
public sealed class ScanningOptions
{
    /// <summary>Folders listed at a time, 1 to 32. Default: 4.</summary>
    [Range(1, 32)]
    public int ListingThreads { get; set; } = 4;

    /// <summary>Scans at a time, 1 to 16; further ones wait. Default: 4.</summary>
    [Range(1, 16)]
    public int ScansAtATime { get; set; } = 4;

    /// <summary>How long reading a source's root folder may take before the scan fails, 1 to 29 seconds. Default: 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:29")]
    public TimeSpan FirstAnswer { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How often a watched source without a schedule is scanned in case a change was not reported, one minute to one day.
    /// Default: one hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Names of files and folders to ignore besides the built-in ones; '*' matches anything. Default: none.</summary>
    public IList<string> Ignore { get; } = [];
}
