using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Search;

/// <summary>The limits of what may be searched for.</summary>
[SettingsSection("Catalogizer:Search")]
public sealed class SearchOptions
{
    /// <summary>The earliest year that may be asked for or set, unless the catalogue has earlier ones. Default: 1900.</summary>
    public int EarliestYear { get; set; } = 1900;

    /// <summary>The latest year that may be asked for or set, unless the catalogue has later ones. Default: 2030.</summary>
    public int LatestYear { get; set; } = 2030;
}
