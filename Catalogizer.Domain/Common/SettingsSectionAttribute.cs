namespace Catalogizer.Domain.Common;

/// <summary>Where the settings of an options class stand. Each of its properties has its line in appsettings.example.json, held by a test.</summary>
/// <param name="path">The section's path in the settings, such as "Catalogizer:Admin".</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SettingsSectionAttribute(string path) : Attribute
{
    public string Path { get; } = path;
}
