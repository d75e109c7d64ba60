namespace Catalogizer.Web.Components.Sources;

/// <summary>A time in which a source's connection was in one state.</summary>
/// <param name="State">closed, halfOpen, open or offline.</param>
/// <param name="Until">Null while it lasts.</param>
public sealed record StatePeriod(string State, DateTimeOffset Since, DateTimeOffset? Until);
