using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Catalogizer.Web.Components;

/// <summary>A query parameter of a page.</summary>
/// <param name="IsValid">Whether a value can be parsed; null accepts any value.</param>
public sealed record PageParameter(string Name, Func<string, bool>? IsValid = null)
{
    /// <summary>A parameter whose values are the names of an enum.</summary>
    public static PageParameter ForEnum<T>(string name)
        where T : struct, Enum => new(name, text => PageParameters.ParseEnum<T>(text) is not null);

    public static PageParameter ForNumber(string name) => new(name, text => PageParameters.ParseNumber(text) is not null);

    public static PageParameter ForDate(string name) => new(name, text => PageParameters.ParseDate(text) is not null);
}

/// <summary>Parses the query string of a page's URL.</summary>
public static class PageParameters
{
    public static Dictionary<string, StringValues> Parse(string address)
    {
        var start = address.IndexOf('?', StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(start < 0 ? "" : address[start..].Split('#')[0]);
    }

    /// <summary>The parameters that a page does not know or cannot parse, as written in the URL.</summary>
    public static IReadOnlyList<string> FindInvalid(string address, IReadOnlyList<PageParameter> known) =>
    [
        .. from given in Parse(address)
           let value = given.Value.ToString()
           let part = known.FirstOrDefault(p => p.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase))
           where part is null || (value.Length > 0 && part.IsValid?.Invoke(value) == false)
           select value.Length == 0 ? given.Key : $"{given.Key}={value}",
    ];

    /// <summary>Parses an enum value by its name; numbers are invalid. Returns null when invalid.</summary>
    public static T? ParseEnum<T>(string? text)
        where T : struct, Enum =>
        text is { Length: > 0 } && char.IsLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    public static long? ParseNumber(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static DateTime? ParseDate(string? text) => DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
