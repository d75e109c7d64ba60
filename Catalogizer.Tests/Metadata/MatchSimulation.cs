using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata;

namespace Catalogizer.Tests.Metadata;

/// <summary>A made-up register of films with look-alikes, and a library named after it as users name files.</summary>
internal sealed class MatchSimulation
{
    private static readonly string[] Words =
    [
        "Silent", "River", "Night", "Garden", "Winter", "Stone", "Burning", "Harbour", "Glass", "Mountain", "Forgotten", "Letter", "Crimson", "Shadow", "Electric", "Summer", "Broken", "Crown", "Distant", "Thunder",
        "Paper", "Moon", "Hollow", "King", "Golden", "Road", "Lonely", "Star", "Iron", "Bird", "Hidden", "Water", "Last", "Dancer", "Wild", "Orchard", "Velvet", "Storm", "Quiet", "Soldier",
        "Amber", "Train", "Empty", "House", "Secret", "Island", "Lost", "Carnival", "Northern", "Light", "Blue", "Horizon", "Savage", "Heart", "Frozen", "Mirror", "Wandering", "Ghost", "Marble", "Sky",
        "Señor", "Café", "Über", "Naïve", "Forêt", "Ångström", "Smörgås", "Jalapeño", "Crème", "Façade", "Zürich", "Köln", "Reykjavík", "Łódź", "Curaçao", "Noël", "Fiancée", "Doppelgänger", "Mañana", "Élan",
    ];

    private readonly Random _random = new(20261123);
    private readonly Dictionary<string, List<int>> _byWord = new(StringComparer.Ordinal);
    private readonly List<Domain.Metadata.Metadata> _titles = [];

    public MatchSimulation(int titles)
    {
        while (_titles.Count < titles)
        {
            var (title, year) = (CreateTitle(), 1930 + _random.Next(96));
            Add(title, year, _random.Next(10) == 0 ? CreateTitle() : null);
            switch (_random.Next(100))
            {
                case < 8:
                    Add(title, year + 5 + _random.Next(30));    // a remake
                    break;
                case < 10:
                    Add($"{title} 2", year + 2);
                    Add($"{title} III", year + 5);
                    break;
                case < 13:
                    Add($"{title}: Part Two", year + 1);
                    break;
                case < 18:
                    Add(AddTypo(title), _random.Next(2) == 0 ? year : year + _random.Next(-9, 9));
                    break;
                case < 22:
                    Add(title.StartsWith("The ", StringComparison.Ordinal) ? title[4..] : "The " + title, year + _random.Next(-20, 20));
                    break;
                case < 23:
                    Add(title, year + 1);
                    break;
            }
        }
    }

    public IReadOnlyList<Domain.Metadata.Metadata> Titles => _titles;

    /// <summary>The results of a search for a title: titles with the most words in common, as in providers' searches.</summary>
    public IReadOnlyList<Domain.Metadata.Metadata> Search(string title, int? year)
    {
        var words = TextNormalizer.Fold(title).Split(' ').Where(_byWord.ContainsKey).OrderBy(word => _byWord[word].Count).ToList();
        var wanted = words.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. words.Take(2).SelectMany(word => _byWord[word]).Distinct().Select(at => _titles[at])
                .Where(film => year is null || film.Year is null || Math.Abs(film.Year.Value - year.Value) <= 1)
                .OrderByDescending(film => SplitWords(film).Count(wanted.Contains) - (0.5 * Math.Abs(SplitWords(film).Length - wanted.Count))).ThenBy(film => film.ExternalId, StringComparer.Ordinal).Take(20),
        ];
    }

    /// <summary>Items as files name them, each with the id it should get; null for one that is not in the register.</summary>
    public IEnumerable<(string Title, int? Year, string? Id)> CreateLibrary(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var film = _titles[_random.Next(_titles.Count)];
            if (_random.Next(100) < 2)
            {
                yield return ($"{CreateTitle()} {CreateTitle()} {CreateTitle()}", film.Year, null);
                continue;
            }

            var title = _random.Next(10) == 0 && film.OriginalTitle is { } original ? original : film.Title;
            title = _random.Next(4) switch
            {
                0 => title.Replace(":", "", StringComparison.Ordinal),
                1 => TextNormalizer.Fold(title),
                2 => title.Replace(": ", " - ", StringComparison.Ordinal),
                _ => title,
            };
            title = _random.Next(100) == 0 ? AddTypo(title) : title;
            yield return (title, _random.Next(100) switch { 0 => null, < 3 => film.Year + (_random.Next(2) == 0 ? 1 : -1), _ => film.Year }, film.ExternalId);
        }
    }

    /// <summary>
    /// The shares of items that are matched automatically and correctly, matched incorrectly, and left uncertain; the first and the last
    /// are of the items that the register has.
    /// </summary>
    public (double Right, double Wrong, double Doubtful) Evaluate(int count)
    {
        var (right, wrong, doubtful, all) = (0, 0, 0, 0);
        foreach (var (title, year, id) in CreateLibrary(count))
        {
            var query = new MetadataQuery(MediaKind.Film, title, year, null, new Dictionary<string, string>());
            var found = Search(title, year) is { Count: > 0 } hits ? hits : Search(title, null);
            var ranked = MatchScorer.Rank(query, found);
            var sure = MatchScorer.IsConfident(ranked);
            wrong += sure && ranked[0].ExternalId != id ? 1 : 0;
            if (id is not null)
            {
                all++;
                right += sure && ranked[0].ExternalId == id ? 1 : 0;
                doubtful += sure ? 0 : 1;
            }
        }

        return ((double)right / all, (double)wrong / count, (double)doubtful / all);
    }

    private static string[] SplitWords(Domain.Metadata.Metadata film) => TextNormalizer.Fold(film.Title).Split(' ');

    private string CreateTitle()
    {
        var words = Enumerable.Range(0, 1 + _random.Next(4)).Select(_ => Words[_random.Next(Words.Length)]).ToList();
        var number = _random.Next(1 + (Words.Length * 20));
        return (_random.Next(4) == 0 ? "The " : "") + string.Join(_random.Next(8) == 0 ? " & " : " ", words) + (words.Count < 3 ? $" of {CreateName(number)}" : _random.Next(2) == 0 ? $": {CreateName(number)}" : "");
    }

    /// <summary>A made-up name.</summary>
    private static string CreateName(int number) => string.Concat("Ka,Lo,Mi,Ra,Ve,To,Su,Ne".Split(',')[number % 8], "rin,dal,mos,vek,tan,lur,zib,gor".Split(',')[number / 8 % 8], "a,o,ia,us,en".Split(',')[number / 64 % 5], number % 3 == 0 ? "th" : "");

    private string AddTypo(string title)
    {
        var at = 1 + _random.Next(title.Length - 1);
        return char.IsLetter(title[at]) ? string.Concat(title.AsSpan(0, at), ((char)('a' + _random.Next(26))).ToString(), title.AsSpan(at + 1)) : title + "s";
    }

    private void Add(string title, int year, string? original = null)
    {
        var at = _titles.Count;
        _titles.Add(new Domain.Metadata.Metadata("tmdb", (at + 1).ToString(CultureInfo.InvariantCulture), title, original, year));
        foreach (var word in TextNormalizer.Fold(title).Split(' ').Concat(original is null ? [] : TextNormalizer.Fold(original).Split(' ')).Distinct())
        {
            (_byWord.TryGetValue(word, out var films) ? films : _byWord[word] = []).Add(at);
        }
    }
}
