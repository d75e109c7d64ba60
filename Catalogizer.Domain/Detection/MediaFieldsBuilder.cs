namespace Catalogizer.Domain.Detection;

/// <summary>Collects the fields during detection; <see cref="Build"/> creates the immutable record.</summary>
internal sealed class MediaFieldsBuilder
{
    public string? Title;
    public int? Year;
    public int? Season;
    public List<int>? Seasons;
    public List<int>? Episodes;
    public List<int>? Absolute;
    public string? EpisodeTitle;
    public string? Date;
    public string? Resolution;
    public string? Source;
    public string? VideoCodec;
    public List<string>? AudioCodec;
    public List<string>? Hdr;
    public List<string>? Edition;
    public string? ReleaseGroup;
    public int? Part;
    public int? Disc;
    public int? Track;
    public string? Artist;
    public string? Album;
    public string? Author;
    public string? Series;
    public string? Volume;
    public string? Chapter;
    public string? Version;
    public string? Extra;
    public string? ImdbId;
    public int? TmdbId;
    public int? TvdbId;
    public ItemMarks Marks;
    public string? EpisodePart;
    public bool Is3D;
    public bool Proper;
    public int? BitDepth;
    public string? AudioChannels;
    public List<string>? Platform;
    public List<string>? Languages;
    public string? Sidecar;

    /// <summary>Adds the value unless the list already contains it.</summary>
    public static void Add(ref List<string>? list, string value)
    {
        list ??= [];
        if (!list.Contains(value))
        {
            list.Add(value);
        }
    }

    /// <summary>Fills the fields that the file's own name leaves empty from a folder's name.</summary>
    public void InheritQuality(MediaFieldsBuilder from)
    {
        Resolution ??= from.Resolution;
        Source ??= from.Source;
        VideoCodec ??= from.VideoCodec;
        AudioCodec ??= from.AudioCodec;
        AudioChannels ??= from.AudioChannels;
        Hdr ??= from.Hdr;
        Edition ??= from.Edition;
        ReleaseGroup ??= from.ReleaseGroup;
        BitDepth ??= from.BitDepth;
        Is3D |= from.Is3D;
        Proper |= from.Proper;
    }

    public MediaFields Build() => new()
    {
        Title = Title,
        Year = Year,
        Season = Season,
        Seasons = Seasons,
        Episodes = Episodes,
        Absolute = Absolute,
        EpisodeTitle = EpisodeTitle,
        Date = Date,
        Resolution = Resolution,
        Source = Source,
        VideoCodec = VideoCodec,
        AudioCodec = AudioCodec,
        Hdr = Hdr,
        Edition = Edition,
        ReleaseGroup = ReleaseGroup,
        Part = Part,
        Disc = Disc,
        Track = Track,
        Artist = Artist,
        Album = Album,
        Author = Author,
        Series = Series,
        Volume = Volume,
        Chapter = Chapter,
        Version = Version,
        Extra = Extra,
        ImdbId = ImdbId,
        TmdbId = TmdbId,
        TvdbId = TvdbId,
        Marks = Marks,
        EpisodePart = EpisodePart,
        Is3D = Is3D ? true : null,
        Proper = Proper ? true : null,
        BitDepth = BitDepth,
        AudioChannels = AudioChannels,
        Platform = Platform,
        Languages = Languages,
        Sidecar = Sidecar,
    };
}
