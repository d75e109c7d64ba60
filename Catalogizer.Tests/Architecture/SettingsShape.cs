using System.Collections;
using System.Reflection;
using Catalogizer.Domain.Common;

namespace Catalogizer.Tests.Architecture;

/// <summary>The settings that the options classes define. In a key, '*' stands for a list index or a name that the reader chooses.</summary>
internal static class SettingsShape
{
    /// <summary>Every options class of the product with the section it is bound to.</summary>
    public static IEnumerable<(Type Type, string Section)> Options() =>
        from project in new[] { "Catalogizer.Domain", "Catalogizer.Jobs", "Catalogizer.Web" }
        from type in Assembly.Load(project).GetTypes()
        let section = type.GetCustomAttribute<SettingsSectionAttribute>()
        where section is not null
        select (type, section.Path);

    /// <summary>The keys that a value of this type at this key has.</summary>
    public static IEnumerable<string> KeysOf(Type type, string key)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (IsValue(type))
        {
            return [key];
        }

        return ElementOf(type) is { } element
            ? KeysOf(element, $"{key}:*").Prepend(key)
            : Settable(type).SelectMany(property => KeysOf(property.PropertyType, $"{key}:{property.Name}"));
    }

    public static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Where(property => property.SetMethod is { IsPublic: true } || !IsValue(property.PropertyType));

    public static bool IsValue(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) || type.IsPrimitive || type.IsEnum || (type.IsValueType && type.Namespace == "System")
            || type == typeof(Uri) || type == typeof(Version);
    }

    private static Type? ElementOf(Type type) =>
        !typeof(IEnumerable).IsAssignableFrom(type) ? null
        : type.IsArray ? type.GetElementType()
        : type.GetGenericArguments().Last();
}
