using System.Text;
using System.Text.Json;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>Where a page ended: the order, the last row's value and id, and for search results the number already shown.</summary>
internal sealed record PageCursor(MediaSort Sort, string? Value, long Id, int Offset)
{
    /// <summary>A title of 500 characters, each written as an escape of six, takes 4,000 in Base64.</summary>
    private const int MaxLength = 5000;

    public override string ToString() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new object?[] { (int)Sort, Value, Id, Offset }))
        .Replace('+', '-').Replace('/', '_').TrimEnd('=');

    /// <summary>Null for text that is not a cursor of this order.</summary>
    public static PageCursor? Parse(string? text, MediaSort sort)
    {
        if (string.IsNullOrEmpty(text) || text.Length > MaxLength)
        {
            return null;
        }

        try
        {
            var base64 = text.Replace('-', '+').Replace('_', '/');
            var parts = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(base64.PadRight((base64.Length + 3) / 4 * 4, '=')))).RootElement;
            var cursor = new PageCursor((MediaSort)parts[0].GetInt32(), parts[1].GetString(), parts[2].GetInt64(), parts[3].GetInt32());
            return cursor.Sort == sort && cursor.Offset >= 0 ? cursor : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException or InvalidOperationException or IndexOutOfRangeException or DecoderFallbackException)
        {
            return null;
        }
    }
}
