using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources;

/// <summary>Sources that are declared in the settings.</summary>
[SettingsSection("Catalogizer")]
public sealed class ConfiguredSourcesOptions
{
    /// <summary>Each is added at the start unless a source of the same name exists, and scanned once. Default: none.</summary>
    public IList<SourceDraft> Sources { get; } = [];
}
