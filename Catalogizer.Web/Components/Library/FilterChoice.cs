using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;

namespace Catalogizer.Web.Components.Library;

/// <summary>One value of a filter.</summary>
/// <param name="Count">Number of results with this value; null where they are not counted.</param>
public sealed record FilterChoice(string Label, long? Count, bool IsChosen, MediaQuery QueryWith, MediaQuery QueryWithout);

/// <summary>The values that each filter offers, based on the facets of the results.</summary>
public static class FilterChoices
{
    public static IEnumerable<FilterChoice> Presence(MediaQuery query, MediaFacets? facets) =>
        Enum.GetValues<Presence>()
            .Select(p => new FilterChoice(Ui.PresenceLabels.Label(p), facets?.Presence.GetValueOrDefault(p.ToApiName()) ?? 0, query.Presence == p, query with { Presence = p }, query with { Presence = null }))
            .Where(IsUseful);

    public static IEnumerable<FilterChoice> Resolution(MediaQuery query, MediaFacets? facets) =>
        GetValues(facets?.Resolution, query.Resolution)
            .Select(v => new FilterChoice(v.Value, v.Count, query.Resolution == v.Value, query with { Resolution = v.Value }, query with { Resolution = null }))
            .OrderByDescending(c => int.TryParse(c.Label.TrimEnd('p', 'i'), NumberStyles.None, CultureInfo.InvariantCulture, out var lines) ? lines : 0);

    public static IEnumerable<FilterChoice> Codec(MediaQuery query, MediaFacets? facets) =>
        GetValues(facets?.Codec, query.Codec)
            .Select(v => new FilterChoice(v.Value, v.Count, query.Codec == v.Value, query with { Codec = v.Value }, query with { Codec = null }));

    public static IEnumerable<FilterChoice> Source(MediaQuery query, MediaFacets? facets, IReadOnlyDictionary<long, string> names) =>
        names.Select(n => new FilterChoice(n.Value, facets?.Source.GetValueOrDefault(n.Key.ToString(CultureInfo.InvariantCulture)) ?? 0, query.Source == n.Key, query with { Source = n.Key }, query with { Source = null }))
            .Where(IsUseful);

    public static IEnumerable<FilterChoice> Rating(MediaQuery query) =>
        new double[] { 9, 8, 7, 6 }.Select(min => new FilterChoice($"{min:0} and up", null, query.Rating == min, query with { Rating = min }, query with { Rating = null }));

    public static IEnumerable<FilterChoice> Decade(MediaQuery query, MediaFacets? facets) =>
        (facets?.Year ?? new Dictionary<string, long>())
            .Where(y => int.TryParse(y.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .GroupBy(y => int.Parse(y.Key, CultureInfo.InvariantCulture) / 10 * 10, y => y.Value)
            .OrderByDescending(decade => decade.Key)
            .Select(decade => new FilterChoice(
                $"{decade.Key}s",
                decade.Sum(),
                query.YearFrom == decade.Key && query.YearTo == decade.Key + 9,
                query with { Year = null, YearFrom = decade.Key, YearTo = decade.Key + 9 },
                query with { Year = null, YearFrom = null, YearTo = null }));

    /// <summary>The active filters, so that each can be removed separately.</summary>
    public static IEnumerable<FilterChoice> Chosen(MediaQuery query, IReadOnlyDictionary<long, string> sources)
    {
        FilterChoice CreateChoice(string label, MediaQuery without) => new(label, null, true, query, without);

        if (query.Query is { } text)
        {
            yield return CreateChoice($"“{text}”", query with { Query = null });
        }

        if (query.Presence is { } presence)
        {
            yield return CreateChoice(Ui.PresenceLabels.Label(presence), query with { Presence = null });
        }

        if (query.Resolution is { } resolution)
        {
            yield return CreateChoice(resolution, query with { Resolution = null });
        }

        if (query.Codec is { } codec)
        {
            yield return CreateChoice(codec, query with { Codec = null });
        }

        if (query.Source is { } source)
        {
            yield return CreateChoice(sources.GetValueOrDefault(source, "One source"), query with { Source = null });
        }

        if (query.Rating is { } rating)
        {
            yield return CreateChoice(string.Create(CultureInfo.InvariantCulture, $"Rated {rating:0.#} and up"), query with { Rating = null });
        }

        if (query.Year is { } year)
        {
            yield return CreateChoice(year.ToString(CultureInfo.InvariantCulture), query with { Year = null });
        }

        if (query.YearFrom is not null || query.YearTo is not null)
        {
            yield return CreateChoice(FormatYears(query), query with { YearFrom = null, YearTo = null });
        }
    }

    private static string FormatYears(MediaQuery query) => (query.YearFrom, query.YearTo) switch
    {
        ({ } from, { } to) => $"{from} to {to}",
        ({ } from, null) => $"From {from}",
        (_, { } to) => $"Up to {to}",
        _ => "",
    };

    private static bool IsUseful(FilterChoice choice) => choice.Count > 0 || choice.IsChosen;

    private static List<(string Value, long Count)> GetValues(IReadOnlyDictionary<string, long>? counts, string? chosen)
    {
        var values = (counts ?? new Dictionary<string, long>()).Where(c => c.Key.Length > 0).Select(c => (Value: c.Key, Count: c.Value)).OrderByDescending(c => c.Count).ToList();
        return chosen is null || values.Any(c => c.Value == chosen) ? values : [.. values, (chosen, 0)];
    }
}
