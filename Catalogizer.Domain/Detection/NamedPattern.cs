namespace Catalogizer.Domain.Detection;

/// <summary>A naming pattern with the name shown in explanations and its weight before any bonus, from 0 to 1.</summary>
internal sealed record NamedPattern(string Name, Media.MediaType Type, double Weight)
{
    // Films. "film title (year)" corresponds to ^(.+?)\s*[\(\[]?(\d{4})[\)\]]?.*\.(mkv|mp4|avi)$ and "film title - year" to
    // ^(.+?)\s*-\s*(\d{4}).*\.(mkv|mp4|avi)$, but with plausible years only, in upper or lower case, and with any container extension or none.
    public static readonly NamedPattern FilmYear = new("film title (year)", Media.MediaType.Movie, 0.9);
    public static readonly NamedPattern FilmDashYear = new("film title - year", Media.MediaType.Movie, 0.8);
    public static readonly NamedPattern FilmRelease = new("film release words", Media.MediaType.Movie, 0.7);
    public static readonly NamedPattern FilmFile = new("film file", Media.MediaType.Movie, 0.5);

    // Series.
    public static readonly NamedPattern SeasonEpisode = new("tv SxxEyy", Media.MediaType.TvShow, 0.95);
    public static readonly NamedPattern Cross = new("tv NxNN", Media.MediaType.TvShow, 0.85);
    public static readonly NamedPattern SeasonFolder = new("tv season folder", Media.MediaType.TvShow, 0.9);
    public static readonly NamedPattern EpisodeWord = new("tv episode word", Media.MediaType.TvShow, 0.85);
    public static readonly NamedPattern SeasonPack = new("tv season pack", Media.MediaType.TvShow, 0.9);
    public static readonly NamedPattern AirDate = new("tv air date", Media.MediaType.TvShow, 0.85);
    public static readonly NamedPattern Absolute = new("tv absolute number", Media.MediaType.TvShow, 0.8);
    public static readonly NamedPattern Compact = new("tv NNN before a broadcast", Media.MediaType.TvShow, 0.75);
    public static readonly NamedPattern AnimeTerms = new("tv anime words", Media.MediaType.TvShow, 0.55);
    public static readonly NamedPattern ShowFolder = new("tv folder", Media.MediaType.TvShow, 0.6);

    // Everything else.
    public static readonly NamedPattern AudioFile = new("audio file", Media.MediaType.Music, 0.9);
    public static readonly NamedPattern AlbumRelease = new("album release words", Media.MediaType.Music, 0.88);
    public static readonly NamedPattern SceneAlbum = new("artist-album-year-group", Media.MediaType.Music, 0.92);
    public static readonly NamedPattern AudioBookFile = new("audiobook file", Media.MediaType.Audiobook, 0.95);
    public static readonly NamedPattern AudioBookTerms = new("audiobook words", Media.MediaType.Audiobook, 0.93);
    public static readonly NamedPattern BookFile = new("book file", Media.MediaType.Book, 0.95);
    public static readonly NamedPattern BookTerms = new("book words", Media.MediaType.Book, 0.92);
    public static readonly NamedPattern ComicFile = new("comic file", Media.MediaType.Comic, 0.95);
    public static readonly NamedPattern ComicTerms = new("comic words", Media.MediaType.Comic, 0.94);
    public static readonly NamedPattern ComicNumbering = new("comic volume or chapter", Media.MediaType.Comic, 0.87);
    public static readonly NamedPattern RomFile = new("game file", Media.MediaType.Game, 0.95);
    public static readonly NamedPattern ConsoleTerms = new("game console words", Media.MediaType.Game, 0.92);
    public static readonly NamedPattern GameReleaseGroup = new("game team", Media.MediaType.Game, 0.75);
    public static readonly NamedPattern ProgramFile = new("program file", Media.MediaType.Software, 0.85);
    public static readonly NamedPattern ProgramVersion = new("program version", Media.MediaType.Software, 0.72);
    public static readonly NamedPattern ProgramTerms = new("program words", Media.MediaType.Software, 0.86);
    public static readonly NamedPattern PhotoFile = new("photo file", Media.MediaType.Photo, 0.9);
    public static readonly NamedPattern LibraryFolder = new("library folder", Media.MediaType.Other, 0.6);
    public static readonly NamedPattern Unknown = new("nothing known", Media.MediaType.Other, 0.1);
}
