namespace Catalogizer.Domain.Detection;

/// <summary>What a file is to its item.</summary>
public enum FileRole
{
    Media = 0,

    /// <summary>Belongs beside another file: subtitles, NFO, artwork.</summary>
    Sidecar = 1,

    /// <summary>In the catalogue, of no known type.</summary>
    Other = 2,
}
