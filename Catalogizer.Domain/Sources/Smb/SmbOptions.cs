using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>Time limit and signing for file servers (SMB).</summary>
[SettingsSection("Catalogizer:Smb")]
public sealed class SmbOptions
{
    /// <summary>Time limit for a response of a file server; listing a folder may take three times as long. Default: 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:04", "00:05:00")]
    public TimeSpan AnswerLimit { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether to connect only to servers that sign their messages; guests cannot sign. Default: false.</summary>
    public bool RequireSigning { get; set; }
}
