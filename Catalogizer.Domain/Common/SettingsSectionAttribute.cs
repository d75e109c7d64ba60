namespace Catalogizer.Domain.Common;

/// <summary>The settings section of an options class. A test ensures that appsettings.example.json lists each of its properties.</summary>
/// <param name="path">The section's path in the settings, such as "Catalogizer:Admin".</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class SettingsSectionAttribute(string path) : Attribute
{
    public string Path { get; } = path;
}
