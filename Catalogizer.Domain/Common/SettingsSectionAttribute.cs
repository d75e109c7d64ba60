namespace Catalogizer.Domain.Common;

/// <summary>Names the configuration section that an options class is read from, such as "Catalogizer:Scanning".</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SettingsSectionAttribute(string path) : Attribute
{
    public string Path { get; } = path;
}
