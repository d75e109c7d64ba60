using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Catalogizer.Web.Components;

/// <summary>A part of a page's address.</summary>
/// <param name="IsValid">Whether a value can be read; null where any can.</param>
public sealed record PageParameter(string Name, Func<string, bool>? IsValid = null)
{
    /// <summary>A part that is one of a few words.</summary>
    public static PageParameter ForEnum<T>(string name)
        where T : struct, Enum => new(name, text => PageParameters.ParseEnum<T>(text) is not null);

    public static PageParameter ForNumber(string name) => new(name, text => PageParameters.ParseNumber(text) is not null);

    public static PageParameter ForDate(string name) => new(name, text => PageParameters.ParseDate(text) is not null);
}

/// <summary>Reads the parts of a page's address after its question mark.</summary>
public static class PageParameters
{
    public static Dictionary<string, StringValues> Parse(string address)
    {
        var start = address.IndexOf('?', StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(start < 0 ? "" : address[start..].Split('#')[0]);
    }

    /// <summary>The parts of an address that a page does not know, or whose values it cannot read, as they stand there.</summary>
    public static IReadOnlyList<string> FindInvalid(string address, IReadOnlyList<PageParameter> known) =>
    [
        .. from given in Parse(address)
           let value = given.Value.ToString()
           let part = known.FirstOrDefault(p => p.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase))
           where part is null || (value.Length > 0 && part.IsValid?.Invoke(value) == false)
           select value.Length == 0 ? given.Key : $"{given.Key}={value}",
    ];

    /// <summary>An enum's value by its name; numbers are no names.</summary>
    public static T? ParseEnum<T>(string? text)
        where T : struct, Enum =>
        text is { Length: > 0 } && char.IsLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    public static long? ParseNumber(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static DateTime? ParseDate(string? text) => DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
