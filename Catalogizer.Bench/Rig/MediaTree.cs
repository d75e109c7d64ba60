using System.Globalization;

namespace Catalogizer.Bench.Rig;

/// <summary>
/// A tree of media files like a household's: films in a folder each with pictures and subtitles, seasons of 8 to 24 episodes, some
/// albums. The same size always gives the same tree. The files have sizes but no content.
/// </summary>
internal sealed class MediaTree
{
    private const string RecipeVersion = "1";
    private static readonly DateTime NewestTime = new(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] Onsets = ["b", "br", "c", "cr", "d", "f", "g", "gr", "h", "k", "l", "m", "n", "p", "qu", "r", "s", "st", "t", "tr", "v", "w"];
    private static readonly string[] Rimes = ["a", "ale", "an", "ar", "e", "el", "en", "er", "i", "ine", "ing", "o", "on", "or", "ow", "u", "um", "y"];
    private static readonly string[] Qualities = ["720p.WEB-DL.x264", "1080p.BluRay.x264", "1080p.WEB-DL.x265", "2160p.UHD.BluRay.x265", "480p.DVDRip.XviD"];

    private readonly int _targetFileCount;
    private readonly List<(string Folder, List<string> Files)> _folders = [];
    private int _fileCount;

    private MediaTree(int size, string path) => (_targetFileCount, Path) = (size, path);

    public string Path { get; }

    public int FileCount => _fileCount;

    public int FolderCount => _folders.Count;

    /// <summary>The path of every file relative to the tree, in the planned order.</summary>
    public IEnumerable<string> Paths => _folders.SelectMany(f => f.Files.Select(name => $"{f.Folder}/{name}"));

    /// <summary>The tree with this number of files, created if it does not exist yet.</summary>
    public static MediaTree GetOrCreate(int files) => GetOrCreateIn(BenchFolder.PathOf($"trees/{files}-{RecipeVersion}"), files);

    /// <summary>Plans only the names; no files are created.</summary>
    public static MediaTree CreatePlan(int files)
    {
        var tree = new MediaTree(files, "");
        tree.Plan();
        return tree;
    }

    /// <summary>Same as <see cref="GetOrCreate"/>, in a folder of the caller's choice.</summary>
    public static MediaTree GetOrCreateIn(string folder, int files)
    {
        var tree = new MediaTree(files, System.IO.Path.Combine(folder, "Library"));
        tree.Plan();
        var finished = System.IO.Path.Combine(folder, "finished");
        if (!File.Exists(finished))
        {
            tree.WriteFiles();
            File.WriteAllText(finished, "");
        }

        return tree;
    }

    private void Plan()
    {
        var (films, episodes) = (_targetFileCount * 62 / 100, _targetFileCount * 92 / 100);
        for (var film = 0; _fileCount < films; film++)
        {
            AddFilm(film);
        }

        for (var series = 0; _fileCount < episodes; series++)
        {
            AddSeries(series);
        }

        for (var artist = 0; _fileCount < _targetFileCount; artist++)
        {
            AddArtist(artist);
        }
    }

    private void AddFilm(int number)
    {
        var (title, year) = (CreateTitle(number), 1930 + (number * 7 % 95));
        var name = string.Create(CultureInfo.InvariantCulture, $"{title.Replace(' ', '.')}.{year}.{QualityFor(number)}");
        AddFolder($"Films/{title[0]}/{title} ({year})", [$"{name}.mkv", $"{name}.nfo", "poster.jpg", $"{name}.en.srt", $"{name}.de.srt"]);
    }

    private void AddSeries(int number)
    {
        var title = CreateTitle(1_000_000 + number);
        for (var season = 1; season <= 1 + (number % 7); season++)
        {
            var episodes = Enumerable.Range(1, 8 + ((number * 5 + season * 3) % 17));
            AddFolder(
                string.Create(CultureInfo.InvariantCulture, $"Series/{title}/Season {season:00}"),
                [.. episodes.Select(e => string.Create(CultureInfo.InvariantCulture, $"{title.Replace(' ', '.')}.S{season:00}E{e:00}.{QualityFor(number)}.mkv"))]);
        }
    }

    private void AddArtist(int number)
    {
        var artist = CreateTitle(2_000_000 + number);
        for (var album = 0; album < 6; album++)
        {
            var position = string.Create(CultureInfo.InvariantCulture, $"Music/{artist}/{CreateTitle(3_000_000 + (number * 6) + album)} ({1960 + ((number + album) % 64)})");
            AddFolder(position, [.. Enumerable.Range(1, 8 + (album % 7)).Select(t => string.Create(CultureInfo.InvariantCulture, $"{t:00} - {CreateTitle((number * 100) + (album * 20) + t)}.flac"))]);
        }
    }

    private void AddFolder(string folder, List<string> files)
    {
        var left = _targetFileCount - _fileCount;
        if (left > 0)
        {
            _folders.Add((folder, files.Count <= left ? files : files[..left]));
            _fileCount += Math.Min(left, files.Count);
        }
    }

    private static string QualityFor(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{Qualities[number % Qualities.Length]}-GRP{number % 40}");

    /// <summary>One to three pseudo-random words, and a last one unique to <paramref name="number"/> that keeps titles distinct.</summary>
    private static string CreateTitle(int number)
    {
        var words = new List<string>();
        for (var left = HashNumber(number); words.Count < 1 + (number % 3); left = HashNumber((int)(left >> 8)))
        {
            words.Add(CreateWord(left % 4000));
        }

        words.Add(CreateWord(4000 + (uint)number));
        return string.Join(' ', words);
    }

    private static string CreateWord(uint number)
    {
        var word = "";
        for (var left = number + 400; left > 0; left /= (uint)(Onsets.Length * Rimes.Length))
        {
            word += Onsets[left % Onsets.Length] + Rimes[left / Onsets.Length % Rimes.Length];
        }

        return char.ToUpperInvariant(word[0]) + word[1..];
    }

    private static uint HashNumber(int number)
    {
        var mixed = (uint)number * 2654435761u;
        mixed ^= mixed >> 15;
        return mixed * 2246822519u >> 3;
    }

    private void WriteFiles()
    {
        Console.Error.WriteLine($"Making {_fileCount:N0} files in {_folders.Count:N0} folders: {Path}");
        Parallel.ForEach(_folders, (folder, _, index) =>
        {
            var path = Directory.CreateDirectory(System.IO.Path.Combine(Path, folder.Folder)).FullName;
            foreach (var (position, name) in folder.Files.Index())
            {
                using (var file = File.OpenHandle(System.IO.Path.Combine(path, name), FileMode.Create, FileAccess.Write))
                {
                    var stamp = (index * 31) + position;
                    RandomAccess.SetLength(file, name.EndsWith("mkv", StringComparison.Ordinal) ? 700_000_000 + (stamp * 4099) : 2_000 + stamp);
                    File.SetLastWriteTimeUtc(file, NewestTime.AddMinutes(-stamp % 2_000_000));
                }
            }
        });
        foreach (var folder in Directory.EnumerateDirectories(Path, "*", SearchOption.AllDirectories).Append(Path))
        {
            Directory.SetLastWriteTimeUtc(folder, NewestTime);
        }
    }
}
