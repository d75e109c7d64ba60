using System.Globalization;
using System.Text.Json;

namespace Catalogizer.Domain.Metadata;

/// <summary>Reads the JSON of providers without assuming that it is well formed.</summary>
internal static class JsonElementExtensions
{
    public const int MaxTitleLength = 500;
    public const int MaxTextLength = 20_000;

    public static string? GetText(this JsonElement element, string name, int maxLength = MaxTitleLength)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String || value.GetString()?.Trim() is not { Length: > 0 } text)
        {
            return null;
        }

        text = string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t'));
        return text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
    }

    public static string? GetId(this JsonElement element, string name = "id") =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.ValueKind switch { JsonValueKind.Number => value.GetRawText(), JsonValueKind.String => element.GetText(name, 100), _ => null }
            : null;

    public static double? GetNumber(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    public static int? GetWholeNumber(this JsonElement element, string name) => element.GetNumber(name) is { } number && Math.Abs(number) < 1e6 ? (int)number : null;

    /// <summary>The year at the start of a date.</summary>
    public static int? GetYear(this JsonElement element, string name) =>
        element.GetText(name) is { Length: >= 4 } date && int.TryParse(date.AsSpan(0, 4), NumberStyles.None, null, out var year) && year is >= 1800 and <= 2200 ? year : null;

    public static IEnumerable<JsonElement> GetItems(this JsonElement element, string name, int max = 50) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Take(max) : [];

    public static JsonElement GetPropertyOrDefault(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var part) ? part : default;

    /// <summary>A number that may be written as text; null for "N/A".</summary>
    public static double? GetOrParseNumber(this JsonElement element, string name) =>
        element.GetNumber(name) ?? (double.TryParse(element.GetText(name, 30), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null);

    public static DateOnly? GetDate(this JsonElement element, string name) =>
        DateOnly.TryParseExact(element.GetText(name, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    /// <summary>The URL of an image, unchanged; null when it is not absolute.</summary>
    public static string? GetAddress(this JsonElement element, string name) => element.GetText(name, 1000) is { } text && Uri.TryCreate(text, UriKind.Absolute, out _) ? text : null;

    /// <summary>A rating out of 10; null where there are no votes.</summary>
    public static double? GetRating(this JsonElement element, string name, string? votes = null) =>
        element.GetNumber(name) is { } rating and > 0 and <= 10 && (votes is null || element.GetNumber(votes) is not 0) ? Math.Round(rating, 1) : null;
}
