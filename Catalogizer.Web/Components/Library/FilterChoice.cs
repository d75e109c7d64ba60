using System.Globalization;
using Catalogizer.Domain.Media;

namespace Catalogizer.Web.Components.Library;

/// <summary>One value to narrow the library by.</summary>
/// <param name="Count">Hits that have it; null where they are not counted.</param>
public sealed record FilterChoice(string Label, long? Count, bool IsChosen, MediaQuery With, MediaQuery Without);

/// <summary>The values each filter offers, from what the hits have.</summary>
public static class FilterChoices
{
    public static IEnumerable<FilterChoice> Presence(MediaQuery asked, MediaFacets? facets) =>
        Enum.GetValues<Presence>()
            .Select(p => new FilterChoice(Ui.PresenceWords.Label(p), facets?.Presence.GetValueOrDefault(p.ToApiName()) ?? 0, asked.Presence == p, asked with { Presence = p }, asked with { Presence = null }))
            .Where(IsUseful);

    public static IEnumerable<FilterChoice> Resolution(MediaQuery asked, MediaFacets? facets) =>
        Values(facets?.Resolution, asked.Resolution)
            .Select(v => new FilterChoice(v.Value, v.Count, asked.Resolution == v.Value, asked with { Resolution = v.Value }, asked with { Resolution = null }))
            .OrderByDescending(c => int.TryParse(c.Label.TrimEnd('p', 'i'), NumberStyles.None, CultureInfo.InvariantCulture, out var lines) ? lines : 0);

    public static IEnumerable<FilterChoice> Codec(MediaQuery asked, MediaFacets? facets) =>
        Values(facets?.Codec, asked.Codec)
            .Select(v => new FilterChoice(v.Value, v.Count, asked.Codec == v.Value, asked with { Codec = v.Value }, asked with { Codec = null }));

    public static IEnumerable<FilterChoice> Source(MediaQuery asked, MediaFacets? facets, IReadOnlyDictionary<long, string> names) =>
        names.Select(n => new FilterChoice(n.Value, facets?.Source.GetValueOrDefault(n.Key.ToString(CultureInfo.InvariantCulture)) ?? 0, asked.Source == n.Key, asked with { Source = n.Key }, asked with { Source = null }))
            .Where(IsUseful);

    public static IEnumerable<FilterChoice> Rating(MediaQuery asked) =>
        new double[] { 9, 8, 7, 6 }.Select(least => new FilterChoice($"{least:0} and up", null, asked.Rating == least, asked with { Rating = least }, asked with { Rating = null }));

    public static IEnumerable<FilterChoice> Decade(MediaQuery asked, MediaFacets? facets) =>
        (facets?.Year ?? new Dictionary<string, long>())
            .Where(y => int.TryParse(y.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .GroupBy(y => int.Parse(y.Key, CultureInfo.InvariantCulture) / 10 * 10, y => y.Value)
            .OrderByDescending(decade => decade.Key)
            .Select(decade => new FilterChoice(
                $"{decade.Key}s",
                decade.Sum(),
                asked.YearFrom == decade.Key && asked.YearTo == decade.Key + 9,
                asked with { Year = null, YearFrom = decade.Key, YearTo = decade.Key + 9 },
                asked with { Year = null, YearFrom = null, YearTo = null }));

    /// <summary>What narrows the library now, so that each can be taken away by itself.</summary>
    public static IEnumerable<FilterChoice> Chosen(MediaQuery asked, IReadOnlyDictionary<long, string> sources)
    {
        FilterChoice Taken(string label, MediaQuery without) => new(label, null, true, asked, without);

        if (asked.Query is { } words)

        {

            yield return Taken($"“{words}”", asked with { Query = null });

        }

        if (asked.Presence is { } presence)
        {
            yield return Taken(Ui.PresenceWords.Label(presence), asked with { Presence = null });
        }

        if (asked.Resolution is { } resolution)
        {
            yield return Taken(resolution, asked with { Resolution = null });
        }

        if (asked.Codec is { } codec)
        {
            yield return Taken(codec, asked with { Codec = null });
        }

        if (asked.Source is { } source)
        {
            yield return Taken(sources.GetValueOrDefault(source, "One source"), asked with { Source = null });
        }

        if (asked.Rating is { } rating)
        {
            yield return Taken(string.Create(CultureInfo.InvariantCulture, $"Rated {rating:0.#} and up"), asked with { Rating = null });
        }

        if (asked.Year is { } year)
        {
            yield return Taken(year.ToString(CultureInfo.InvariantCulture), asked with { Year = null });
        }

        if (asked.YearFrom is not null || asked.YearTo is not null)
        {
            yield return Taken(Years(asked), asked with { YearFrom = null, YearTo = null });
        }
    }

    private static string Years(MediaQuery asked) => (asked.YearFrom, asked.YearTo) switch
    {
        ({ } from, { } to) => $"{from} to {to}",
        ({ } from, null) => $"From {from}",
        (_, { } to) => $"Up to {to}",
        _ => "",
    };

    private static bool IsUseful(FilterChoice choice) => choice.Count > 0 || choice.IsChosen;

    private static List<(string Value, long Count)> Values(IReadOnlyDictionary<string, long>? counts, string? chosen)
    {
        var found = (counts ?? new Dictionary<string, long>()).Where(c => c.Key.Length > 0).Select(c => (Value: c.Key, Count: c.Value)).OrderByDescending(c => c.Count).ToList();
        return chosen is null || found.Any(c => c.Value == chosen) ? found : [.. found, (chosen, 0)];
    }
}
