using System.Globalization;
using System.Text.Json;

namespace Catalogizer.Domain.Quality;

/// <summary>Tags of an audio file (ID3, Vorbis comments, MP4 atoms, APE), as named by ffprobe.</summary>
public sealed record MediaTags(string? Title, string? Artist, string? AlbumArtist, string? Album, int? Year, string? Genre)
{
    private const int MaxLength = 300;

    public static MediaTags None { get; } = new(null, null, null, null, null, null);

    /// <summary>Ogg stores its tags in the stream, other formats in the file.</summary>
    internal static MediaTags Parse(JsonElement format, JsonElement audio)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var holder in (ReadOnlySpan<JsonElement>)[format, audio])
        {
            if (holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty("tags", out var tags) && tags.ValueKind == JsonValueKind.Object)
            {
                foreach (var tag in tags.EnumerateObject().Where(t => t.Value.ValueKind == JsonValueKind.String))
                {
                    values.TryAdd(tag.Name, tag.Value.GetString()!);
                }
            }
        }

        return new MediaTags(
            CleanLine(values.GetValueOrDefault("title")), CleanLine(values.GetValueOrDefault("artist")), CleanLine(values.GetValueOrDefault("album_artist") ?? values.GetValueOrDefault("albumartist")),
            CleanLine(values.GetValueOrDefault("album")), ParseYear(values.GetValueOrDefault("originaldate") ?? values.GetValueOrDefault("date") ?? values.GetValueOrDefault("year")), CleanLine(values.GetValueOrDefault("genre")));
    }

    private static string? CleanLine(string? text)
    {
        var clean = string.Concat((text ?? "").Where(c => !char.IsControl(c))).Trim();
        return clean.Length == 0 ? null : clean.Length <= MaxLength ? clean : clean[..(char.IsHighSurrogate(clean[MaxLength - 1]) ? MaxLength - 1 : MaxLength)];
    }

    private static int? ParseYear(string? date) =>
        date is { Length: >= 4 } && int.TryParse(date.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1800 and <= 2200 ? year : null;
}

/// <summary>Name under which tags are stored, in the place of a provider's name.</summary>
public static class TagLayer
{
    public const string Name = "tags";
}
