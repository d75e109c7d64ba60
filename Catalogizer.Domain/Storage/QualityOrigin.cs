using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;

namespace Catalogizer.Domain.Storage;

/// <summary>Where a version's quality comes from: the file name or an analysis.</summary>
public enum QualityOrigin
{
    Name = 0,
    Probe = 1,
}
