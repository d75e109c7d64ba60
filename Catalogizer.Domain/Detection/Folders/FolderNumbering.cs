using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Folders;

/// <summary>
/// How the files of one folder count their episodes. "Title - 108 - …" is episode 108 by itself, but episode 8 of season 1 among neighbours that
/// count 101, 102, …, 201, 202, ….
/// </summary>
public sealed class FolderNumbering
{
    internal const int MaxEpisodesOfSeason = 40;

    // How many numbers convince without the first episodes of two seasons.
    private const int ConvincingCount = 6;

    private readonly Dictionary<string, Numbers> _numbersByTitle = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="names">The names of all files of a folder, or their paths.</param>
    public static FolderNumbering From(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var numbering = new FolderNumbering();
        foreach (var name in names)
        {
            if (TryReadNumber(name, out var title, out var number))
            {
                numbering.Add(title, number);
            }
        }

        return numbering;
    }

    /// <summary>Detects several paths, in their order; those of one folder are each other's neighbours.</summary>
    public static IEnumerable<Verdict> DetectAll(MediaDetector detector, IReadOnlyList<string> paths, bool explain)
    {
        ArgumentNullException.ThrowIfNull(detector);
        ArgumentNullException.ThrowIfNull(paths);
        var folders = new Lazy<ILookup<string, string>>(() => paths.ToLookup(GetFolder, StringComparer.Ordinal));
        var numberings = new Dictionary<string, FolderNumbering>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var verdict = detector.Detect(path, explain);
            if (DependsOnNeighbours(verdict))
            {
                var folder = GetFolder(path);
                if (!numberings.TryGetValue(folder, out var numbering))
                {
                    numberings[folder] = numbering = From(folders.Value[folder]);
                }

                verdict = numbering.Apply(path, verdict);
            }

            yield return verdict;
        }
    }

    /// <summary>Whether the verdict has a number whose meaning depends on the names beside it.</summary>
    public static bool DependsOnNeighbours(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return verdict is { Type: MediaType.TvShow, Fields: { Season: null, Seasons: null, Absolute: null, Date: null, Extra: null, Episodes: { Count: > 0 } episodes } }
            && episodes[0] / 100 is > 0 and var season && episodes.All(episode => episode / 100 == season && episode % 100 > 0);
    }

    /// <summary>The verdict with season and episode where the folder counts seasons in hundreds, otherwise unchanged.</summary>
    /// <param name="path">The path or name that the verdict is about.</param>
    public Verdict Apply(string path, Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!DependsOnNeighbours(verdict) || !TryReadNumber(path, out var title, out var number) || number != verdict.Fields.Episodes![0]
            || !_numbersByTitle.TryGetValue(title, out var numbers) || !numbers.AreSeasons)
        {
            return verdict;
        }

        var fields = verdict.Fields with { Season = number / 100, Episodes = [.. verdict.Fields.Episodes.Select(episode => episode % 100)] };
        return verdict with { Fields = fields, Clues = Explain(verdict.Clues, fields) };
    }

    private static string GetFolder(string path) => path[..(path.LastIndexOf('/') + 1)];

    private void Add(string title, int number)
    {
        if (!_numbersByTitle.TryGetValue(title, out var numbers))
        {
            _numbersByTitle[title] = numbers = new Numbers();
        }

        numbers.Add(number);
    }

    // "Title - 108 - Name": three or four digits behind a dash between separators. A number that may be a year says nothing.
    private static bool TryReadNumber(string path, out string title, out int number)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        for (var i = 2; i + 4 < name.Length; i++)
        {
            if (name[i] != '-' || !IsSeparator(name[i - 1]) || !IsSeparator(name[i + 1]))
            {
                continue;
            }

            var digits = new DigitScanner(name[(i + 2)..]);
            if (digits.TryRead(4, out number) && (digits.IsAtEnd || !char.IsLetterOrDigit(digits.Rest[0])) && number is < YearReader.MinYear or > YearReader.MaxYear)
            {
                title = name[..(i - 1)].Trim(" ._").ToString();
                return true;
            }
        }

        (title, number) = ("", 0);
        return false;
    }

    private static bool IsSeparator(char c) => Characters.GetSeparator(c) is Separator.Space or Separator.Underscore or Separator.Dot;

    private static List<Clue> Explain(IReadOnlyList<Clue> clues, MediaFields fields)
    {
        if (clues.Count == 0)
        {
            return [];
        }

        var season = fields.Season!.Value.ToString(CultureInfo.InvariantCulture);
        var episodes = string.Join(',', fields.Episodes!.Select(episode => episode.ToString(CultureInfo.InvariantCulture)));
        return
        [
            .. clues.Select(clue => clue.Fact == "episodes" ? clue with { Won = false } : clue),
            new Clue("season", season, 0.8, "hundreds in its folder", Won: true), new Clue("episodes", episodes, 0.8, "hundreds in its folder", Won: true),
        ];
    }

    /// <summary>The numbers behind one title.</summary>
    private sealed class Numbers
    {
        private readonly HashSet<int> _seen = [];
        private readonly HashSet<int> _seasons = [];
        private int _firstEpisodes;
        private int _firstSeason = int.MaxValue;
        private bool _isContinuous;

        // Numbers below 100, or beyond what a season has, count through the whole series.
        public bool AreSeasons => !_isContinuous && _seasons.Count > 1 && _firstSeason < 10 && (_firstEpisodes > 1 || _seen.Count >= ConvincingCount);

        public void Add(int number)
        {
            if (_seen.Add(number))
            {
                _isContinuous |= number < 100 || number % 100 is 0 or > MaxEpisodesOfSeason;
                _seasons.Add(number / 100);
                _firstSeason = Math.Min(_firstSeason, number / 100);
                _firstEpisodes += number % 100 == 1 ? 1 : 0;
            }
        }
    }
}
