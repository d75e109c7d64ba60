using System.Collections.Frozen;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>Folders that users sort by ("Movies", "TV Shows"), and folders that reveal nothing ("downloads").</summary>
internal static class LibraryFolders
{
    private static readonly FrozenDictionary<string, MediaType?>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        GetAll().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// True for a folder that does not belong to a single item; <paramref name="type"/> is the type it holds, null if the name does not say.
    /// </summary>
    public static bool IsLibraryFolder(ReadOnlySpan<char> folder, out MediaType? type)
    {
        type = null;
        return folder.Length <= 24 && Lookup.TryGetValue(folder, out type);
    }

    /// <summary>Whether the folder holds films alone; documentaries come as series too.</summary>
    public static bool HoldsOnlyFilms(string folder) =>
        IsLibraryFolder(folder, out var type) && type == MediaType.Movie && !folder.Equals("documentaries", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the folder holds programs, rather than disc images or what else a computer needs.</summary>
    public static bool HoldsOnlyPrograms(string folder) =>
        IsLibraryFolder(folder, out var type) && type == MediaType.Software && folder.ToLowerInvariant() is not ("isos" or "tools" or "os" or "drivers" or "installers");

    private static IEnumerable<KeyValuePair<string, MediaType?>> GetAll() =>
    [
        .. CreateEntries(MediaType.Movie, "movies|movie|films|film|filme|cinema|filmes|peliculas|cine|movies 4k|4k movies|kids movies|anime movies|documentaries"),
        .. CreateEntries(MediaType.TvShow, "tv|tv shows|tvshows|series|shows|tv series|anime|serien|tv drop|tv-shows|tvseries|television|serials|cartoons|tv_shows|seriale"),
        .. CreateEntries(MediaType.Music, "music|musik|musique|albums|singles|eps|flac|mp3|mp3s|soundtracks|lossless|musica|songs|itunes media|compilations|various artists|va"),
        .. CreateEntries(MediaType.Game, "games|game|roms|rom|pc games|gog|steam|spiele|switch games|isos games|console"
            + "|gog games|epic games|xboxgames|origin games|ea games|riot games|amazon games|video games|videogames|pc-spiele|pc spiele|videospiele"
            + "|jeux|jeux video|jeux vidéo|juegos|videojuegos|giochi|videogiochi|jogos|gry|hry|spel|игры|ゲーム|游戏|遊戲|게임"),
        .. CreateEntries(MediaType.Software, "software|apps|applications|programs|installers|isos|drivers|programme|tools|linux isos|os"
            + "|logiciels|programas|programmi|programy|программы|софт"),
        .. CreateEntries(MediaType.Book, "books|ebooks|e-books|book|bücher|library|calibre library|magazines|kindle|calibre|literature"),
        .. CreateEntries(MediaType.Comic, "comics|comic|manga|mangas|graphic novels|bd|webtoons"),
        .. CreateEntries(MediaType.Audiobook, "audiobooks|audio books|audiobook|hörbücher|hoerbuecher|hörbuch|audio-books|spoken word"),
        .. CreateEntries(MediaType.Photo, "photos|pictures|photo|dcim|camera|camera roll|camera uploads|bilder|fotos|images|100canon|100apple|screenshots"),
        .. CreateEntries(null, "media|server|shares|share|data|downloads|download|completed|complete|incoming|unsorted|temp|tmp|misc|new|video|videos|mnt|volume1|public|home|users|storage|archive|backup|test|content|various|other|others|subs|subtitles|sub|usenet|torrents|sorted|hd|uhd|1080p|720p|4k|bdmv|avchd|stream|video_ts|audio_ts|certificate|something|some|path|disk1|disk2|extras|fonts|font"),
    ];

    private static IEnumerable<KeyValuePair<string, MediaType?>> CreateEntries(MediaType? type, string names) =>
        names.Split('|').Select(name => KeyValuePair.Create(name, type));
}
