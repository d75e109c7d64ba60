using System.Globalization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>The narrowing parts of a query as SQL over <c>media_items m</c>. Numbers stand in the text, words travel as parameters.</summary>
internal sealed class ItemFilter
{
    private readonly List<string> _conditions = [];
    private readonly List<string> _words = [];

    public ItemFilter(MediaQuery query, CatalogueScope scope)
    {
        if (query.Type is { } type)
        {
            Add($"m.media_type = {(int)type}");
        }

        if (query.Year is { } year)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"m.year = {year}"));
        }

        if (query.YearFrom is { } from)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"m.year >= {from}"));
        }

        if (query.YearTo is { } to)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"m.year <= {to}"));
        }

        if (query.Rating is { } rating)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"m.rating >= {rating:R}"));
        }

        AddWord("m.best_resolution", query.Resolution);
        AddWord("m.best_codec", query.Codec);
        if (query.Source is { } source)
        {
            AddHoldings(scope.HoldingsOn(source));
        }

        if (query.Presence is { } presence)
        {
            AddHoldings(scope.HoldingsWith(presence));
        }
    }

    public bool IsEmpty => _conditions.Count == 0;

    /// <summary>" AND …" for each condition; words are parameters ?1, ?2, … in order.</summary>
    public string Sql => string.Concat(_conditions.Select(c => $" AND {c}"));

    /// <summary>The number that the next free parameter has.</summary>
    public int NextParameter => _words.Count + 1;

    public Statement Bind(Statement statement)
    {
        for (var i = 0; i < _words.Count; i++)
        {
            statement.Bind(i + 1, _words[i]);
        }

        return statement;
    }

    private void Add(string condition) => _conditions.Add(condition);

    private void AddWord(string column, string? word)
    {
        if (!string.IsNullOrEmpty(word))
        {
            _words.Add(word);
            Add($"{column} = ?{_words.Count}");
        }
    }

    private void AddHoldings(IEnumerable<int> holdings) => Add($"m.holding_id IN ({string.Join(',', holdings)})");
}
