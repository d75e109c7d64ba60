using System.Text.Json.Serialization;

namespace Catalogizer.Domain.Detection;

/// <summary>
/// The fields that detection reads from a name. Names and values follow the detection vocabulary; a field that the name does not contain is null
/// or empty and omitted from the JSON.
/// </summary>
public sealed record MediaFields
{
    /// <summary>Film, series, game, program or book title, cleaned: no separators, year, quality words or tags.</summary>
    [JsonPropertyName("title")] public string? Title { get; init; }
    [JsonPropertyName("year")] public int? Year { get; init; }
    /// <summary>0 means specials.</summary>
    [JsonPropertyName("season")] public int? Season { get; init; }
    /// <summary>For packs of several seasons.</summary>
    [JsonPropertyName("seasons")] public IReadOnlyList<int>? Seasons { get; init; }
    /// <summary>Ranges are expanded. Holds the absolute number when the name has no other.</summary>
    [JsonPropertyName("episodes")] public IReadOnlyList<int>? Episodes { get; init; }
    [JsonPropertyName("absolute")] public IReadOnlyList<int>? Absolute { get; init; }
    [JsonPropertyName("episode_title")] public string? EpisodeTitle { get; init; }
    /// <summary>Air date, or the day a photo was taken, as ISO yyyy-mm-dd.</summary>
    [JsonPropertyName("date")] public string? Date { get; init; }
    /// <summary>One of 360p … 2160p, 4320p, 1080i.</summary>
    [JsonPropertyName("resolution")] public string? Resolution { get; init; }
    [JsonPropertyName("source")] public string? Source { get; init; }
    [JsonPropertyName("video_codec")] public string? VideoCodec { get; init; }
    [JsonPropertyName("audio_codec")] public IReadOnlyList<string>? AudioCodec { get; init; }
    [JsonPropertyName("hdr")] public IReadOnlyList<string>? Hdr { get; init; }
    [JsonPropertyName("edition")] public IReadOnlyList<string>? Edition { get; init; }
    [JsonPropertyName("release_group")] public string? ReleaseGroup { get; init; }
    /// <summary>Number of a part of one film or book: part1, cd1, pt1, parta.</summary>
    [JsonPropertyName("part")] public int? Part { get; init; }
    [JsonPropertyName("disc")] public int? Disc { get; init; }
    [JsonPropertyName("track")] public int? Track { get; init; }
    [JsonPropertyName("artist")] public string? Artist { get; init; }
    [JsonPropertyName("album")] public string? Album { get; init; }
    [JsonPropertyName("author")] public string? Author { get; init; }
    /// <summary>Comic, manga or book series.</summary>
    [JsonPropertyName("series")] public string? Series { get; init; }
    [JsonPropertyName("volume")] public string? Volume { get; init; }
    [JsonPropertyName("chapter")] public string? Chapter { get; init; }
    /// <summary>Program or game version without a leading v.</summary>
    [JsonPropertyName("version")] public string? Version { get; init; }
    /// <summary>trailer, sample, featurette, …; null for the item itself.</summary>
    [JsonPropertyName("extra")] public string? Extra { get; init; }
    [JsonPropertyName("imdb_id")] public string? ImdbId { get; init; }
    [JsonPropertyName("tmdb_id")] public int? TmdbId { get; init; }
    [JsonIgnore] public int? TvdbId { get; init; }
    /// <summary>What tells the film, series or album from others of its title.</summary>
    [JsonIgnore] public ItemMarks Marks { get; init; }
    /// <summary>What follows the number of an episode: "a" of s01e01a, ".5" of 12.5.</summary>
    [JsonIgnore] public string? EpisodePart { get; init; }
    [JsonPropertyName("is_3d")] public bool? Is3D { get; init; }
    [JsonPropertyName("proper")] public bool? Proper { get; init; }
    [JsonPropertyName("bit_depth")] public int? BitDepth { get; init; }
    [JsonPropertyName("audio_channels")] public string? AudioChannels { get; init; }
    [JsonPropertyName("platform")] public IReadOnlyList<string>? Platform { get; init; }
    /// <summary>ISO 639-1 codes, for subtitle files.</summary>
    [JsonPropertyName("languages")] public IReadOnlyList<string>? Languages { get; init; }
    /// <summary>subtitle, artwork or metadata for a sidecar file; null for media.</summary>
    [JsonPropertyName("sidecar")] public string? Sidecar { get; init; }
}
