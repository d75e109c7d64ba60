using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Library;

/// <summary>One edition of an item, of one or several files. Row of <c>media_versions</c>.</summary>
public sealed class VersionRow
{
    public long Id { get; set; }

    public long ItemId { get; set; }

    public long SourceId { get; set; }

    public Presence Presence { get; set; }

    /// <summary>Key shared by the files of one version (parts, discs); null for a version of one file.</summary>
    public string? Identity { get; set; }

    public string? Resolution { get; set; }

    public string? VideoCodec { get; set; }

    /// <summary>Bits per second.</summary>
    public long? Bitrate { get; set; }

    /// <summary>Whether the bit rate is that of the file's streams; otherwise it is calculated from size and duration.</summary>
    public bool HasStreamBitrate { get; set; }

    public string? AudioCodec { get; set; }

    public string? AudioChannels { get; set; }

    public string? Hdr { get; set; }

    public double? DurationSeconds { get; set; }

    /// <summary>0 to 100.</summary>
    public double OverallScore { get; set; }

    public QualityOrigin QualityFrom { get; set; }

    /// <summary>Edition, extra, platform or whatever else distinguishes this version from the item's other ones.</summary>
    public string? Label { get; set; }

    /// <summary>Total bytes of all its files.</summary>
    public long Size { get; set; }

    /// <summary>The detector's confidence, 0 to 1.</summary>
    public double Confidence { get; set; }
}
