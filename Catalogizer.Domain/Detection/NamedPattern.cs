namespace Catalogizer.Domain.Detection;

/// <summary>A naming pattern with the name shown in explanations and its weight before any bonus, from 0 to 1.</summary>
internal sealed record NamedPattern(string Name, Catalogizer.Domain.Catalog.MediaType Type, double Weight)
{
    // Films. "film title (year)" corresponds to ^(.+?)\s*[\(\[]?(\d{4})[\)\]]?.*\.(mkv|mp4|avi)$ and "film title - year" to
    // ^(.+?)\s*-\s*(\d{4}).*\.(mkv|mp4|avi)$, but with plausible years only, in upper or lower case, and with any container extension or none.
    public static readonly NamedPattern FilmYear = new("film title (year)", Catalogizer.Domain.Catalog.MediaType.Movie, 0.9);
    public static readonly NamedPattern FilmDashYear = new("film title - year", Catalogizer.Domain.Catalog.MediaType.Movie, 0.8);
    public static readonly NamedPattern FilmRelease = new("film release words", Catalogizer.Domain.Catalog.MediaType.Movie, 0.7);
    public static readonly NamedPattern FilmFile = new("film file", Catalogizer.Domain.Catalog.MediaType.Movie, 0.5);

    // Series.
    public static readonly NamedPattern SeasonEpisode = new("tv SxxEyy", Catalogizer.Domain.Catalog.MediaType.TvShow, 0.95);
    public static readonly NamedPattern Cross = new("tv NxNN", Catalogizer.Domain.Catalog.MediaType.TvShow, 0.85);
    public static readonly NamedPattern SeasonFolder = new("tv season folder", Catalogizer.Domain.Catalog.MediaType.TvShow, 0.9);
    public static readonly NamedPattern EpisodeWord = new("tv episode word", Catalogizer.Domain.Catalog.MediaType.TvShow, 0.85);
    public static readonly NamedPattern SeasonPack = new("tv season pack", Catalogizer.Domain.Catalog.MediaType.TvShow, 0.9);
    public static readonly NamedPattern AirDate = new("tv air date", Catalogizer.Domain.Catalog.MediaType.TvShow, 0.85);
    public static readonly NamedPattern Absolute = new("tv absolute number", Catalogizer.Domain.Catalog.MediaType.TvShow, 0.8);
    public static readonly NamedPattern Compact = new("tv NNN before a broadcast", Catalogizer.Domain.Catalog.MediaType.TvShow, 0.75);
    public static readonly NamedPattern AnimeTerms = new("tv anime words", Catalogizer.Domain.Catalog.MediaType.TvShow, 0.55);
    public static readonly NamedPattern ShowFolder = new("tv folder", Catalogizer.Domain.Catalog.MediaType.TvShow, 0.6);

    // Everything else.
    public static readonly NamedPattern AudioFile = new("audio file", Catalogizer.Domain.Catalog.MediaType.Music, 0.9);
    public static readonly NamedPattern AlbumRelease = new("album release words", Catalogizer.Domain.Catalog.MediaType.Music, 0.88);
    public static readonly NamedPattern SceneAlbum = new("artist-album-year-group", Catalogizer.Domain.Catalog.MediaType.Music, 0.92);
    public static readonly NamedPattern AudioBookFile = new("audiobook file", Catalogizer.Domain.Catalog.MediaType.Audiobook, 0.95);
    public static readonly NamedPattern AudioBookTerms = new("audiobook words", Catalogizer.Domain.Catalog.MediaType.Audiobook, 0.93);
    public static readonly NamedPattern BookFile = new("book file", Catalogizer.Domain.Catalog.MediaType.Book, 0.95);
    public static readonly NamedPattern BookTerms = new("book words", Catalogizer.Domain.Catalog.MediaType.Book, 0.92);
    public static readonly NamedPattern ComicFile = new("comic file", Catalogizer.Domain.Catalog.MediaType.Comic, 0.95);
    public static readonly NamedPattern ComicTerms = new("comic words", Catalogizer.Domain.Catalog.MediaType.Comic, 0.94);
    public static readonly NamedPattern ComicNumbering = new("comic volume or chapter", Catalogizer.Domain.Catalog.MediaType.Comic, 0.87);
    public static readonly NamedPattern RomFile = new("game file", Catalogizer.Domain.Catalog.MediaType.Game, 0.95);
    public static readonly NamedPattern ConsoleTerms = new("game console words", Catalogizer.Domain.Catalog.MediaType.Game, 0.92);
    public static readonly NamedPattern GameReleaseGroup = new("game team", Catalogizer.Domain.Catalog.MediaType.Game, 0.75);
    public static readonly NamedPattern ProgramFile = new("program file", Catalogizer.Domain.Catalog.MediaType.Software, 0.85);
    public static readonly NamedPattern ProgramVersion = new("program version", Catalogizer.Domain.Catalog.MediaType.Software, 0.72);
    public static readonly NamedPattern ProgramTerms = new("program words", Catalogizer.Domain.Catalog.MediaType.Software, 0.86);
    public static readonly NamedPattern PhotoFile = new("photo file", Catalogizer.Domain.Catalog.MediaType.Photo, 0.9);
    public static readonly NamedPattern LibraryFolder = new("library folder", Catalogizer.Domain.Catalog.MediaType.Other, 0.6);
    public static readonly NamedPattern Unknown = new("nothing known", Catalogizer.Domain.Catalog.MediaType.Other, 0.1);
}
