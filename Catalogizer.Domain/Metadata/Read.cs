using System.Globalization;
using System.Text.Json;

namespace Catalogizer.Domain.Metadata;

/// <summary>Reads what providers send without believing that it is well formed.</summary>
internal static class Read
{
    public const int LongestTitle = 500;
    public const int LongestText = 20_000;

    public static string? Text(this JsonElement element, string name, int longest = LongestTitle)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String || value.GetString()?.Trim() is not { Length: > 0 } text)
        {
            return null;
        }

        text = string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t'));
        return text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
    }

    public static string? Id(this JsonElement element, string name = "id") =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            ? value.ValueKind switch { JsonValueKind.Number => value.GetRawText(), JsonValueKind.String => element.Text(name, 100), _ => null }
            : null;

    public static double? Number(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    public static int? Whole(this JsonElement element, string name) => element.Number(name) is { } number && Math.Abs(number) < 1e6 ? (int)number : null;

    /// <summary>The year at the head of a date.</summary>
    public static int? Year(this JsonElement element, string name) =>
        element.Text(name) is { Length: >= 4 } date && int.TryParse(date.AsSpan(0, 4), NumberStyles.None, null, out var year) && year is >= 1800 and <= 2200 ? year : null;

    public static IEnumerable<JsonElement> Each(this JsonElement element, string name, int most = 50) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Take(most) : [];

    public static JsonElement Part(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var part) ? part : default;

    /// <summary>A number that may be written as text; none for "N/A".</summary>
    public static double? Figure(this JsonElement element, string name) =>
        element.Number(name) ?? (double.TryParse(element.Text(name, 30), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null);

    public static DateOnly? Day(this JsonElement element, string name) =>
        DateOnly.TryParseExact(element.Text(name, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    /// <summary>An address of a picture, as it is given.</summary>
    public static string? Address(this JsonElement element, string name) => element.Text(name, 1000) is { } text && Uri.TryCreate(text, UriKind.Absolute, out _) ? text : null;

    /// <summary>A rating out of ten; none where nobody voted.</summary>
    public static double? Rating(this JsonElement element, string name, string? votes = null) =>
        element.Number(name) is { } rating and > 0 and <= 10 && (votes is null || element.Number(votes) is not 0) ? Math.Round(rating, 1) : null;
}
