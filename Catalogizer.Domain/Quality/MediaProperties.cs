using System.Globalization;
using System.Text.Json;

namespace Catalogizer.Domain.Quality;

/// <summary>Measured properties of a media file, in the terms that detection uses; null where the file has none.</summary>
public sealed record MediaProperties
{
    public string? Resolution { get; init; }

    public string? VideoCodec { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public double? FrameRate { get; init; }

    /// <summary>Bit rate of video and audio together, in bits per second.</summary>
    public long? Bitrate { get; init; }

    /// <summary>Whether the streams declare their bit rates; otherwise it is size divided by duration, falsified by padding or unfinished downloads.</summary>
    public bool HasStreamBitrate { get; init; }

    /// <summary>Bit rate of the video alone, in bits per second; null when the file does not declare it.</summary>
    public long? VideoBitrate { get; init; }

    public string? AudioCodec { get; init; }

    public string? AudioChannels { get; init; }

    public IReadOnlyList<string> Hdr { get; init; } = [];

    public double? DurationSeconds { get; init; }

    /// <summary>Whether the video's size and the channels of all audio streams are known; if not, reading more of the file may reveal them.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>ffmpeg's first name of the format: matroska, mov, avi, …</summary>
    public string? Container { get; init; }

    public MediaTags Tags { get; init; } = MediaTags.None;

    /// <summary>Whether an image, such as a cover, is embedded in the file.</summary>
    public bool HasPicture { get; init; }

    /// <summary>Parses the output of ffprobe.</summary>
    /// <returns>Null when the file has neither video nor audio.</returns>
    /// <exception cref="JsonException">The output is not valid JSON.</exception>
    public static MediaProperties? Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var streams = root.TryGetProperty("streams", out var streamsElement) && streamsElement.ValueKind == JsonValueKind.Array ? streamsElement.EnumerateArray().ToList() : [];
        var format = root.TryGetProperty("format", out var formatElement) ? formatElement : default;
        var container = ReadText(format, "format_name")?.Split(',')[0];
        var video = streams.FirstOrDefault(s => ReadText(s, "codec_type") == "video" && !IsAttachedPicture(s));
        var audio = streams.Where(s => ReadText(s, "codec_type") == "audio")
            .OrderByDescending(s => QualityScore.ScoreAudioCodec(MapAudioCodec(s, container) ?? "")).ThenByDescending(s => ReadWholeNumber(s, "channels") ?? 0).FirstOrDefault();
        if (video.ValueKind == JsonValueKind.Undefined && audio.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }

        var streamBitrate = SumStreamBitrates(streams.Where(s => ReadText(s, "codec_type") is "video" or "audio" && !IsAttachedPicture(s)));
        var (width, height) = ((int?)PositiveOrNull(ReadWholeNumber(video, "width")), (int?)PositiveOrNull(ReadWholeNumber(video, "height")));
        return new MediaProperties
        {
            Width = width,
            Height = height,
            Resolution = width is { } w && height is { } h ? ClassifyResolution(Math.Max(w, h), Math.Min(w, h), ReadText(video, "field_order") is "tt" or "bb" or "tb" or "bt") : null,
            VideoCodec = MapVideoCodec(video),
            FrameRate = ParseRatio(ReadText(video, "avg_frame_rate")) ?? ParseRatio(ReadText(video, "r_frame_rate")),
            VideoBitrate = ReadStreamBitrate(video),
            Bitrate = streamBitrate ?? PositiveOrNull(ReadWholeNumber(format, "bit_rate")),
            HasStreamBitrate = streamBitrate is not null,
            AudioCodec = MapAudioCodec(audio, container),
            AudioChannels = MapChannels(audio),
            Hdr = FindHdrFormats(video),
            DurationSeconds = ParseNumber(ReadText(format, "duration")),
            Container = container,
            Tags = MediaTags.Parse(format, audio),
            HasPicture = streams.Exists(IsAttachedPicture),
            IsComplete = (video.ValueKind == JsonValueKind.Undefined || (width is not null && height is not null)) && streams.Where(s => ReadText(s, "codec_type") == "audio").All(s => ReadWholeNumber(s, "channels") > 0),
        };
    }

    /// <summary>Counts a frame that is cropped at the top and bottom, or at the sides, as a full one.</summary>
    internal static string ClassifyResolution(int width, int height, bool interlaced) => (width, height) switch
    {
        ( >= 7000, _) or (_, >= 4000) => "4320p",
        ( >= 3200, _) or (_, >= 1900) => "2160p",
        ( >= 2300, _) or (_, >= 1300) => "1440p",
        ( >= 1700, _) or (_, >= 900) => interlaced ? "1080i" : "1080p",
        ( >= 1200, _) or (_, >= 680) => "720p",
        (_, >= 560) => "576p",
        (_, >= 500) => "540p",
        ( >= 700, _) or (_, >= 400) => "480p",
        _ => "360p",
    };

    private static bool IsAttachedPicture(JsonElement stream) => stream.TryGetProperty("disposition", out var role) && ReadWholeNumber(role, "attached_pic") == 1;

    private static string? MapVideoCodec(JsonElement stream) => ReadText(stream, "codec_name") switch
    {
        "h264" => "H.264",
        "hevc" => "H.265",
        "av1" => "AV1",
        "vp8" => "VP8",
        "vp9" => "VP9",
        "mpeg1video" => "MPEG-1",
        "mpeg2video" => "MPEG-2",
        "theora" => "Theora",
        "wmv1" or "wmv2" => "WMV",
        "vc1" or "wmv3" => "VC-1",
        "msmpeg4v3" => "DivX",
        "mpeg4" => ReadText(stream, "codec_tag_string")?.ToUpperInvariant() switch
        {
            "XVID" => "XviD",
            "DIVX" or "DX50" => "DivX",
            _ => "MPEG-4",
        },
        _ => null,
    };

    private static string? MapAudioCodec(JsonElement stream, string? container)
    {
        var profile = ReadText(stream, "profile") ?? "";
        return ReadText(stream, "codec_name") switch
        {
            "truehd" or "eac3" when profile.Contains("Atmos", StringComparison.Ordinal) => "Atmos",
            "dts" when profile.Contains("DTS:X", StringComparison.Ordinal) => "DTS:X",
            "dts" when profile is "DTS-HD MA" or "DTS-HD HRA" => profile,
            "dts" => "DTS",
            "truehd" => "TrueHD",
            "eac3" => "EAC3",
            "ac3" => "AC3",
            "aac" => "AAC",
            "flac" => "FLAC",
            "mp3" => "MP3",
            "mp2" => "MP2",
            "opus" => "Opus",
            "vorbis" => "Vorbis",
            "alac" => "ALAC",
            "ape" => "APE",
            "wavpack" => "WavPack",
            "wmav1" or "wmav2" or "wmapro" => "WMA",
            "wmalossless" => "WMA Lossless",
            "tak" => "TAK",
            "shorten" => "Shorten",
            "tta" => "TTA",
            "musepack7" or "musepack8" => "Musepack",
            { } raw when raw.StartsWith("dsd_", StringComparison.Ordinal) => "DSD",
            { } raw when raw.StartsWith("pcm_", StringComparison.Ordinal) => container == "wav" ? "WAV" : "PCM",
            _ => null,
        };
    }

    private static string? MapChannels(JsonElement stream) => (ReadText(stream, "channel_layout"), ReadWholeNumber(stream, "channels")) switch
    {
        ({ } layout, _) when layout.StartsWith("5.1", StringComparison.Ordinal) => "5.1",
        ({ } layout, _) when layout.StartsWith("7.1", StringComparison.Ordinal) => "7.1",
        (_, 1) => "1.0",
        (_, 2) => "2.0",
        (_, 6) => "5.1",
        (_, 8) => "7.1",
        (_, > 0 and < 64 and var count) => string.Create(CultureInfo.InvariantCulture, $"{count}.0"),
        _ => null,
    };

    private static List<string> FindHdrFormats(JsonElement video)
    {
        var found = new List<string>();
        if (ReadText(video, "color_transfer") is { } transfer && transfer is "smpte2084" or "arib-std-b67")
        {
            found.Add(transfer == "smpte2084" ? "HDR10" : "HLG");
        }

        if (video.ValueKind == JsonValueKind.Object && video.TryGetProperty("side_data_list", out var side) && side.ValueKind == JsonValueKind.Array
            && side.EnumerateArray().Any(s => ReadText(s, "side_data_type") == "DOVI configuration record"))
        {
            found.Add("DV");
        }

        return found;
    }

    private static string? ReadText(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>ffprobe writes numbers either as numbers or as text.</summary>
    private static long? ReadWholeNumber(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number
            : value.ValueKind == JsonValueKind.String && long.TryParse(value.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out number) ? number : null;
    }

    /// <summary>Sum of the bit rates that the streams declare; null unless all do.</summary>
    private static long? SumStreamBitrates(IEnumerable<JsonElement> streams) =>
        streams.Select(ReadStreamBitrate).Aggregate((long?)0, (sum, rate) => sum + rate) is > 0 and var sum ? PositiveOrNull(sum) : null;

    /// <summary>Matroska stores the bit rate in a tag, if at all.</summary>
    private static long? ReadStreamBitrate(JsonElement stream)
    {
        var tags = stream.ValueKind == JsonValueKind.Object && stream.TryGetProperty("tags", out var tagsElement) ? tagsElement : default;
        return PositiveOrNull(ReadWholeNumber(stream, "bit_rate") ?? ReadWholeNumber(tags, "BPS") ?? ReadWholeNumber(tags, "BPS-eng"));
    }

    private static long? PositiveOrNull(long? value) => value is > 0 and < int.MaxValue ? value : null;

    private static double? ParseNumber(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e9 ? number : null;

    private static double? ParseRatio(string? text) =>
        text?.Split('/') is [var above, var below] && ParseNumber(above) is { } over && ParseNumber(below) is { } under ? over / under : null;
}
