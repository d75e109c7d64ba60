using System.Globalization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Web.Api;

/// <summary>Reads a media query from an address, telling every field that cannot be read.</summary>
internal sealed class QueryReader(IQueryCollection query)
{
    public static IReadOnlyList<string> Names { get; } =
        ["query", "type", "year", "yearFrom", "yearTo", "rating", "resolution", "codec", "source", "presence", "sort", "limit", "cursor"];

    public Dictionary<string, string[]> Wrong { get; } = [];

    public MediaQuery Read() => new()
    {
        Query = Text("query"),
        Type = Word("type", MediaTypes.All, text => MediaTypes.TryParse(text, out var type) ? type : (MediaType?)null),
        Year = Whole("year"),
        YearFrom = Whole("yearFrom"),
        YearTo = Whole("yearTo"),
        Rating = Number("rating"),
        Resolution = Text("resolution"),
        Codec = Text("codec"),
        Source = Whole("source"),
        Presence = Word("presence", Presences.All, text => Presences.TryParse(text, out var presence) ? presence : (Presence?)null),
        Sort = Word("sort", MediaSorts.All, text => MediaSorts.TryParse(text, out var sort) ? sort : (MediaSort?)null),
        Limit = Whole("limit") ?? 50,
        Cursor = Text("cursor"),
    };

    private string? Text(string name) => query.TryGetValue(name, out var values) && !string.IsNullOrEmpty(values[0]) ? values[0] : null;

    private int? Whole(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Wrong[name] = [$"“{text}” is not a whole number."];
        return null;
    }

    private double? Number(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Wrong[name] = [$"“{text}” is not a number."];
        return null;
    }

    private T? Word<T>(string name, IReadOnlyList<string> words, Func<string, T?> parse)
        where T : struct
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (parse(text) is { } value)
        {
            return value;
        }

        Wrong[name] = [$"“{text}” is not one of: {string.Join(", ", words)}."];
        return null;
    }
}
