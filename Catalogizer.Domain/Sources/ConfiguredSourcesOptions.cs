using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources;

/// <summary>Sources that the settings declare.</summary>
[SettingsSection("Catalogizer")]
public sealed class ConfiguredSourcesOptions
{
    /// <summary>Each is added at the start unless there is a source of its name, and scanned once. Default: none.</summary>
    public IList<SourceDraft> Sources { get; } = [];
}
