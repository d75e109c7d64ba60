using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Detection;

/// <summary>A naming pattern with the name shown in explanations and its weight before any bonus, from 0 to 1.</summary>
internal sealed record NamedPattern(string Name, MediaType Type, double Weight)
{
    // Films. "film title (year)" corresponds to ^(.+?)\s*[\(\[]?(\d{4})[\)\]]?.*\.(mkv|mp4|avi)$ and "film title - year" to
    // ^(.+?)\s*-\s*(\d{4}).*\.(mkv|mp4|avi)$, but with plausible years only, in upper or lower case, and with any container extension or none.
    public static readonly NamedPattern FilmYear = new("film title (year)", MediaType.Movie, 0.9);
    public static readonly NamedPattern FilmDashYear = new("film title - year", MediaType.Movie, 0.8);
    public static readonly NamedPattern FilmRelease = new("film release words", MediaType.Movie, 0.7);
    public static readonly NamedPattern FilmWord = new("film word", MediaType.Movie, 0.78);
    public static readonly NamedPattern FilmFile = new("film file", MediaType.Movie, 0.5);

    // Series.
    public static readonly NamedPattern SeasonEpisode = new("tv SxxEyy", MediaType.TvShow, 0.95);
    public static readonly NamedPattern Cross = new("tv NxNN", MediaType.TvShow, 0.85);
    public static readonly NamedPattern SeasonFolder = new("tv season folder", MediaType.TvShow, 0.9);
    public static readonly NamedPattern EpisodeWord = new("tv episode word", MediaType.TvShow, 0.85);
    public static readonly NamedPattern SeasonPack = new("tv season pack", MediaType.TvShow, 0.9);
    public static readonly NamedPattern AirDate = new("tv air date", MediaType.TvShow, 0.85);
    public static readonly NamedPattern Absolute = new("tv absolute number", MediaType.TvShow, 0.8);
    public static readonly NamedPattern Compact = new("tv NNN before a broadcast", MediaType.TvShow, 0.75);
    public static readonly NamedPattern AnimeTerms = new("tv anime words", MediaType.TvShow, 0.55);
    public static readonly NamedPattern ShowFolder = new("tv folder", MediaType.TvShow, 0.6);

    // Everything else.
    public static readonly NamedPattern AudioFile = new("audio file", MediaType.Music, 0.9);
    public static readonly NamedPattern AlbumRelease = new("album release words", MediaType.Music, 0.88);
    public static readonly NamedPattern SceneAlbum = new("artist-album-year-group", MediaType.Music, 0.92);
    public static readonly NamedPattern AudioBookFile = new("audiobook file", MediaType.Audiobook, 0.95);
    public static readonly NamedPattern AudioBookTerms = new("audiobook words", MediaType.Audiobook, 0.93);
    public static readonly NamedPattern BookFile = new("book file", MediaType.Book, 0.95);
    public static readonly NamedPattern BookTerms = new("book words", MediaType.Book, 0.92);
    public static readonly NamedPattern ComicFile = new("comic file", MediaType.Comic, 0.95);
    public static readonly NamedPattern ComicTerms = new("comic words", MediaType.Comic, 0.94);
    public static readonly NamedPattern ComicNumbering = new("comic volume or chapter", MediaType.Comic, 0.87);
    public static readonly NamedPattern RomFile = new("game file", MediaType.Game, 0.95);
    public static readonly NamedPattern ConsoleTerms = new("game console words", MediaType.Game, 0.92);
    public static readonly NamedPattern GameReleaseGroup = new("game team", MediaType.Game, 0.75);
    public static readonly NamedPattern ProgramFile = new("program file", MediaType.Software, 0.85);
    public static readonly NamedPattern ProgramVersion = new("program version", MediaType.Software, 0.72);
    public static readonly NamedPattern ProgramTerms = new("program words", MediaType.Software, 0.86);
    public static readonly NamedPattern PhotoFile = new("photo file", MediaType.Photo, 0.9);
    public static readonly NamedPattern GameLibrary = new("archive, image or program below games", MediaType.Game, 0.97);
    public static readonly NamedPattern SoftwareLibrary = new("archive, image or program below software", MediaType.Software, 0.97);
    public static readonly NamedPattern ProgramRelease = new("program words behind a name", MediaType.Software, 0.97);
    public static readonly NamedPattern Course = new("course", MediaType.Other, 0.98);
    public static readonly NamedPattern LibraryFolder = new("library folder", MediaType.Other, 0.6);
    public static readonly NamedPattern Unknown = new("nothing known", MediaType.Other, 0.1);
}
