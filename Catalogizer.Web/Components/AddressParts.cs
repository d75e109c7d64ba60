using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Catalogizer.Web.Components;

/// <summary>A part of a page's address.</summary>
/// <param name="Understands">Whether a value can be read; null where any can.</param>
public sealed record AddressPart(string Name, Func<string, bool>? Understands = null)
{
    /// <summary>A part that is one of a few words.</summary>
    public static AddressPart Word<T>(string name)
        where T : struct, Enum => new(name, text => AddressParts.Word<T>(text) is not null);

    public static AddressPart Whole(string name) => new(name, text => AddressParts.Whole(text) is not null);

    public static AddressPart Day(string name) => new(name, text => AddressParts.Day(text) is not null);
}

/// <summary>Reads the parts of a page's address after its question mark.</summary>
public static class AddressParts
{
    public static Dictionary<string, StringValues> Read(string address)
    {
        var start = address.IndexOf('?', StringComparison.Ordinal);
        return QueryHelpers.ParseQuery(start < 0 ? "" : address[start..].Split('#')[0]);
    }

    /// <summary>The parts of an address that a page does not know, or whose values it cannot read, as they stand there.</summary>
    public static IReadOnlyList<string> NotUnderstood(string address, IReadOnlyList<AddressPart> known) =>
    [
        .. from given in Read(address)
           let value = given.Value.ToString()
           let part = known.FirstOrDefault(p => p.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase))
           where part is null || (value.Length > 0 && part.Understands?.Invoke(value) == false)
           select value.Length == 0 ? given.Key : $"{given.Key}={value}",
    ];

    /// <summary>An enum's value by its name; numbers are no names.</summary>
    public static T? Word<T>(string? text)
        where T : struct, Enum =>
        text is { Length: > 0 } && char.IsLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    public static long? Whole(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static DateTime? Day(string? text) => DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
}
