using Catalogizer.Domain.Detection.Names;
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
        _clues?.Add(new Clue("type", type.Word(), weight, pattern.Name));
        if (weight > Weight)
        {
            (Winner, Type, Weight) = (pattern, type, weight);
        }
    }
}
