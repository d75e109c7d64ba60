
namespace Catalogizer.Domain.Library;

/// <summary>Where a version's quality comes from: the file name or an analysis.</summary>
public enum QualityOrigin
{
    Name = 0,
    Probe = 1,
}
