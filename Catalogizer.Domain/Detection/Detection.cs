using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection;

/// <summary>One thing a reader believes about an entry.</summary>
/// <param name="Fact">The field of <see cref="MediaFields"/> it speaks of, by its vocabulary name, or "type".</param>
/// <param name="Value">What it believes.</param>
/// <param name="Confidence">How sure it is, 0 to 1.</param>
/// <param name="ReadFrom">The reader's or named pattern's name and the words it read, for people: "tv SxxEyy: S01E02".</param>
/// <param name="Won">Whether the verdict follows it; what did not win is kept to be seen.</param>
public sealed record Clue(string Fact, string Value, double Confidence, string ReadFrom, bool Won = false);

/// <summary>What a path is taken for.</summary>
/// <param name="Type">Every path gets one; <see cref="MediaType.Other"/> when nothing is known.</param>
/// <param name="Confidence">0 to 1; the winning pattern's weight with its context bonus.</param>
/// <param name="Clues">Empty unless asked for.</param>
public sealed record Verdict(MediaType Type, double Confidence, MediaFields Fields, IReadOnlyList<Clue> Clues);
