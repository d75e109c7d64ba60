using System.Globalization;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>A folder of some thousand small media files, and typical changes to it between two scans.</summary>
internal static class SampleTree
{
    private static readonly DateTime BaseTime = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Qualities = ["720p BluRay x264", "1080p WEB-DL x264", "2160p UHD BluRay x265"];

    /// <summary>Writes the tree with fixed sizes and times, so that every run finds the same.</summary>
    public static void Create(TemporaryFolder home, int films)
    {
        for (var i = 0; i < films; i++)
        {
            var film = $"Movies/{(char)('A' + (i % 20))}/{CreateFilmName(i)}";
            Write(home, $"{film}/{CreateFilmName(i)} {Qualities[i % 3]}.mkv", i);
            Write(home, $"{film}/{CreateFilmName(i)} {Qualities[i % 3]}.en.srt", i);
            Write(home, $"{film}/poster.jpg", i);
            if (i % 5 == 0)
            {
                Write(home, $"{film}/{CreateFilmName(i)} {Qualities[(i + 1) % 3]}.mkv", i);
            }
        }

        for (var i = 0; i < films; i++)
        {
            var (show, season) = (i / 24, (i / 8 % 3) + 1);
            Write(home, $"TV/Show {CreateWord(show)}/Season {season:00}/Show {CreateWord(show)} S{season:00}E{(i % 8) + 1:00} 720p.mkv", i);
        }

        for (var i = 0; i < films; i++)
        {
            var album = i / 10;
            Write(home, $"Music/Artist {CreateWord(album / 3)}/Album {CreateWord(album)} ({1970 + (album % 40)})/{(i % 10) + 1:00} - Track {CreateWord(i)}.flac", i);
        }

        for (var i = 0; i < films / 4; i++)
        {
            Write(home, $"Books/{(char)('A' + (i % 10))}/Author {CreateWord(i / 7)} - Book {CreateWord(i)}.epub", i);
        }

        foreach (var folder in Directory.EnumerateDirectories(home.PathOf("media"), "*", SearchOption.AllDirectories).Append(home.PathOf("media")))
        {
            Directory.SetLastWriteTimeUtc(folder, BaseTime);
        }
    }

    /// <summary>Adds, changes, deletes, moves and renames files and folders; too few files disappear for a scan to be held.</summary>
    public static void ApplyChanges(TemporaryFolder home, int films)
    {
        for (var i = 0; i < films; i++)
        {
            var (folder, film) = ($"Movies/{(char)('A' + (i % 20))}/{CreateFilmName(i)}", CreateFilmName(i));
            switch (i % 29)
            {
                case 1:     // a better copy replaces the old one: the same name, other bytes
                    File.Delete(home.PathOf($"media/{folder}/{film} {Qualities[i % 3]}.mkv"));
                    Write(home, $"{folder}/{film} {Qualities[i % 3]}.mkv", i + 7000);
                    break;
                case 2:     // a film folder moved into another folder
                    Directory.CreateDirectory(home.PathOf("media/Sorted/Films"));
                    Directory.Move(home.PathOf($"media/{folder}"), home.PathOf($"media/Sorted/Films/{film}"));
                    break;
                case 3:     // a corrected title, in folder and files
                    RenameFilm(home, folder, film, i);
                    break;
                case 4:     // a subtitle deleted
                    File.Delete(home.PathOf($"media/{folder}/{film} {Qualities[i % 3]}.en.srt"));
                    break;
                case 5:     // another copy
                    Write(home, $"{folder}/{film} {Qualities[(i + 2) % 3]}.mkv", i + 9000);
                    break;
                case 6:     // a new film
                    Write(home, $"Movies/New/New {film}/New {film} 1080p.mkv", i + 11000);
                    break;
                case 7 when i < films / 3:
                    Directory.Delete(home.PathOf($"media/{folder}"), recursive: true);
                    break;
            }
        }

        Directory.Move(home.PathOf($"media/TV/Show {CreateWord(0)}"), home.PathOf("media/TV/Shown Again"));
        foreach (var file in Directory.GetFiles(home.PathOf("media/TV/Shown Again"), "*", SearchOption.AllDirectories))
        {
            File.Move(file, file.Replace($"/Show {CreateWord(0)} ", "/Shown Again ", StringComparison.Ordinal));
        }

        Directory.Move(home.PathOf("media/Books"), home.PathOf("media/Library"));
        Directory.Move(home.PathOf($"media/Music/Artist {CreateWord(1)}"), home.PathOf("media/Music/Another Artist"));
        foreach (var folder in Directory.EnumerateDirectories(home.PathOf("media"), "*", SearchOption.AllDirectories).Append(home.PathOf("media")))
        {
            if (Directory.GetLastWriteTimeUtc(folder) != BaseTime)
            {
                Directory.SetLastWriteTimeUtc(folder, BaseTime.AddDays(1));
            }
        }
    }

    private static void RenameFilm(TemporaryFolder home, string folder, string film, int i)
    {
        var better = film.Replace("Wonder ", "Wonders of ", StringComparison.Ordinal);
        var renamed = home.PathOf($"media/{folder.Replace(film, better, StringComparison.Ordinal)}");
        Directory.Move(home.PathOf($"media/{folder}"), renamed);
        foreach (var file in Directory.GetFiles(renamed, $"{film}*"))
        {
            File.Move(file, file.Replace($"/{film} ", $"/{better} ", StringComparison.Ordinal));
        }
    }

    private static string CreateFilmName(int i) => string.Create(CultureInfo.InvariantCulture, $"Wonder {CreateWord(i)} ({1930 + (i % 90)})");

    private static string CreateWord(int number) => $"{(char)('A' + (number / 676 % 26))}{(char)('a' + (number / 26 % 26))}{(char)('a' + (number % 26))}ri";

    private static void Write(TemporaryFolder home, string path, int number) =>
        File.SetLastWriteTimeUtc(home.Write($"media/{path}", $"{number} {path}"), BaseTime.AddMinutes(number));
}
