using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Readers;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>Collects the named patterns that fit a path. The heaviest wins.</summary>
internal struct PatternVotes
{
    private readonly List<Clue>? _clues;

    public PatternVotes(List<Clue>? clues)
    {
        _clues = clues;
        Type = MediaType.Other;
        Weight = NamedPattern.Unknown.Weight;
    }

    public MediaType Type { get; private set; }

    public double Weight { get; private set; }

    /// <summary>Adds a pattern that fits. Of equal weights, the first one added wins.</summary>
    public void Add(PathContext context, NamedPattern pattern, MediaType? typeOverride = null, double bonus = 0)
    {
        var type = typeOverride ?? pattern.Type;
        if (!PatternPrecedence.CanHaveType(context.Path.Kind, type))
        {
            AddClue(context, pattern, type, bonus, $"excluded by the extension .{context.Path.Extension}");
            return;
        }

        AddClue(context, pattern, type, bonus, null);
        var weight = PatternPrecedence.Score(pattern, type, context.FolderType, bonus);
        if (weight > Weight)
        {
            (Type, Weight) = (type, weight);
        }
    }

    /// <summary>Adds a pattern that fits but may not win, for the explanation alone.</summary>
    public readonly void AddOutranked(PathContext context, NamedPattern pattern, double bonus, string reason) => AddClue(context, pattern, pattern.Type, bonus, reason);

    private readonly void AddClue(PathContext context, NamedPattern pattern, MediaType type, double bonus, string? lostBecause)
    {
        if (_clues is not null)
        {
            var weight = PatternPrecedence.Score(pattern, type, context.FolderType, bonus);
            _clues.Add(new Clue("type", type.ToApiName(), Math.Round(weight, 3), DescribeOrigin(context.ParsedName, pattern), LostBecause: lostBecause));
        }
    }

    private static string DescribeOrigin(ParsedName parsed, NamedPattern pattern) => parsed switch
    {
        { Episode: { } episode } when episode.Pattern == pattern => $"{pattern.Name}: {parsed.Name.RawText(episode.First, episode.Last)}",
        { YearIndex: >= 0 and var year } when pattern.Type == MediaType.Movie => $"{pattern.Name}: {parsed.Name.RawText(year, year)}",
        { DateIndex: >= 0 and var date } when pattern == NamedPattern.AirDate => $"{pattern.Name}: {parsed.Name.RawText(date, parsed.DateEndIndex)}",
        _ => pattern.Name,
    };
}
