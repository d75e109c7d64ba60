using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>The named patterns that fit an entry. The heaviest wins.</summary>
internal struct Ballot
{
    private readonly List<Clue>? _clues;

    public Ballot(List<Clue>? clues)
    {
        _clues = clues;
        Winner = NamedPattern.Nothing;
        Type = MediaType.Other;
        Weight = NamedPattern.Nothing.Weight;
    }

    public NamedPattern Winner { get; private set; }

    public MediaType Type { get; private set; }

    public double Weight { get; private set; }

    /// <summary>Hands in a pattern that fits; of equal weights the first handed in stays.</summary>
    public void Cast(Entry entry, NamedPattern pattern, MediaType? instead = null, double bonus = 0)
    {
        var type = instead ?? pattern.Type;
        if (!Arbitration.MayBe(entry.Path.Kind, type))
        {
            return;
        }

        var weight = Math.Min(0.99, Arbitration.Weigh(pattern, type, entry.Shelf) + bonus);
        _clues?.Add(new Clue("type", type.ToApiName(), Math.Round(weight, 3), ReadFrom(entry.Reading, pattern)));
        if (weight > Weight)
        {
            (Winner, Type, Weight) = (pattern, type, weight);
        }
    }

    private static string ReadFrom(NameReading reading, NamedPattern pattern) => reading switch
    {
        { Episode: { } episode } when episode.Pattern == pattern => $"{pattern.Name}: {reading.Name.Raw(episode.First, episode.Last)}",
        { YearAt: >= 0 and var year } when pattern.Type == MediaType.Movie => $"{pattern.Name}: {reading.Name.Raw(year, year)}",
        { DateAt: >= 0 and var date } when pattern == NamedPattern.AirDate => $"{pattern.Name}: {reading.Name.Raw(date, reading.DateEnd)}",
        _ => pattern.Name,
    };
}
