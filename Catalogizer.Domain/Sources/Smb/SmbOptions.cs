using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>How file servers are spoken to.</summary>
[SettingsSection("Catalogizer:Smb")]
public sealed class SmbOptions
{
    /// <summary>How long a file server may take to answer; listing a folder may take three times as long. Default: 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:04", "00:05:00")]
    public TimeSpan AnswerLimit { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether only servers that sign their messages are spoken to; guests cannot sign. Default: false.</summary>
    public bool RequireSigning { get; set; }
}
