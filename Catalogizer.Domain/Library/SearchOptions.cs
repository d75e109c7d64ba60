using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Library;

/// <summary>Limits of search queries and edits.</summary>
[SettingsSection("Catalogizer:Search")]
public sealed class SearchOptions
{
    /// <summary>The earliest year that can be searched for or set, unless the catalogue has earlier ones. Default: 1900.</summary>
    public int EarliestYear { get; set; } = 1900;

    /// <summary>The latest year that can be searched for or set, unless the catalogue has later ones. Default: 2030.</summary>
    public int LatestYear { get; set; } = 2030;
}
