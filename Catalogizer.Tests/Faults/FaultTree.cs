using System.Globalization;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>A folder of some thousands of small media files, and what a household does to it between two scans.</summary>
internal static class FaultTree
{
    private static readonly DateTime Old = new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Quality = ["720p BluRay x264", "1080p WEB-DL x264", "2160p UHD BluRay x265"];

    /// <summary>Writes the tree. Sizes and times are set, so that every run finds the same.</summary>
    public static void Make(TemporaryFolder home, int films)
    {
        for (var i = 0; i < films; i++)
        {
            var film = $"Movies/{(char)('A' + (i % 20))}/{Film(i)}";
            Write(home, $"{film}/{Film(i)} {Quality[i % 3]}.mkv", i);
            Write(home, $"{film}/{Film(i)} {Quality[i % 3]}.en.srt", i);
            Write(home, $"{film}/poster.jpg", i);
            if (i % 5 == 0)
            {
                Write(home, $"{film}/{Film(i)} {Quality[(i + 1) % 3]}.mkv", i);
            }
        }

        for (var i = 0; i < films; i++)
        {
            var (show, season) = (i / 24, (i / 8 % 3) + 1);
            Write(home, $"TV/Show {Word(show)}/Season {season:00}/Show {Word(show)} S{season:00}E{(i % 8) + 1:00} 720p.mkv", i);
        }

        for (var i = 0; i < films; i++)
        {
            var album = i / 10;
            Write(home, $"Music/Artist {Word(album / 3)}/Album {Word(album)} ({1970 + (album % 40)})/{(i % 10) + 1:00} - Track {Word(i)}.flac", i);
        }

        for (var i = 0; i < films / 4; i++)
        {
            Write(home, $"Books/{(char)('A' + (i % 10))}/Author {Word(i / 7)} - Book {Word(i)}.epub", i);
        }

        foreach (var folder in Directory.EnumerateDirectories(home.PathOf("media"), "*", SearchOption.AllDirectories).Append(home.PathOf("media")))
        {
            Directory.SetLastWriteTimeUtc(folder, Old);
        }
    }

    /// <summary>Adds, changes, deletes, moves and renames files and folders; so few are lost for good that no scan holds them.</summary>
    public static void Change(TemporaryFolder home, int films)
    {
        for (var i = 0; i < films; i++)
        {
            var (folder, film) = ($"Movies/{(char)('A' + (i % 20))}/{Film(i)}", Film(i));
            switch (i % 29)
            {
                case 1:     // a better copy: the same name, other bytes, put in its place
                    File.Delete(home.PathOf($"media/{folder}/{film} {Quality[i % 3]}.mkv"));
                    Write(home, $"{folder}/{film} {Quality[i % 3]}.mkv", i + 7000);
                    break;
                case 2:     // a film folder goes into another
                    Directory.CreateDirectory(home.PathOf("media/Sorted/Films"));
                    Directory.Move(home.PathOf($"media/{folder}"), home.PathOf($"media/Sorted/Films/{film}"));
                    break;
                case 3:     // a title put right, folder and files
                    RenameFilm(home, folder, film, i);
                    break;
                case 4:     // a subtitle deleted
                    File.Delete(home.PathOf($"media/{folder}/{film} {Quality[i % 3]}.en.srt"));
                    break;
                case 5:     // one more copy
                    Write(home, $"{folder}/{film} {Quality[(i + 2) % 3]}.mkv", i + 9000);
                    break;
                case 6:     // a new film
                    Write(home, $"Movies/New/New {film}/New {film} 1080p.mkv", i + 11000);
                    break;
                case 7 when i < films / 3:
                    Directory.Delete(home.PathOf($"media/{folder}"), recursive: true);
                    break;
            }
        }

        Directory.Move(home.PathOf($"media/TV/Show {Word(0)}"), home.PathOf("media/TV/Shown Again"));
        foreach (var file in Directory.GetFiles(home.PathOf("media/TV/Shown Again"), "*", SearchOption.AllDirectories))
        {
            File.Move(file, file.Replace($"/Show {Word(0)} ", "/Shown Again ", StringComparison.Ordinal));
        }

        Directory.Move(home.PathOf("media/Books"), home.PathOf("media/Library"));
        Directory.Move(home.PathOf($"media/Music/Artist {Word(1)}"), home.PathOf("media/Music/Another Artist"));
        foreach (var folder in Directory.EnumerateDirectories(home.PathOf("media"), "*", SearchOption.AllDirectories).Append(home.PathOf("media")))
        {
            if (Directory.GetLastWriteTimeUtc(folder) != Old)
            {
                Directory.SetLastWriteTimeUtc(folder, Old.AddDays(1));
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

    private static string Film(int i) => string.Create(CultureInfo.InvariantCulture, $"Wonder {Word(i)} ({1930 + (i % 90)})");

    private static string Word(int number) => $"{(char)('A' + (number / 676 % 26))}{(char)('a' + (number / 26 % 26))}{(char)('a' + (number % 26))}ri";

    private static void Write(TemporaryFolder home, string path, int number) =>
        File.SetLastWriteTimeUtc(home.Write($"media/{path}", $"{number} {path}"), Old.AddMinutes(number));
}
