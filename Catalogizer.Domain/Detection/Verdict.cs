using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Detection;

/// <summary>The type and fields detected for a path.</summary>
/// <param name="Type">Always set; <see cref="MediaType.Other"/> when nothing is known.</param>
/// <param name="Confidence">From 0 to 1: the weight of the winning pattern with its bonus, or a fixed value for sidecar files.</param>
/// <param name="Clues">Empty unless an explanation was requested.</param>
public sealed record Verdict(MediaType Type, double Confidence, MediaFields Fields, IReadOnlyList<Clue> Clues)
{
    /// <summary>For a file of an installed game, the path of the game's folder: all files below it are one version.</summary>
    public string? GameFolder { get; init; }
}
