using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Detection;

/// <summary>One finding of a clue reader about a file or folder.</summary>
/// <param name="Fact">The field of <see cref="MediaFields"/> that it is about, by its JSON name, or "type".</param>
/// <param name="Value">The value found.</param>
/// <param name="Confidence">From 0 to 1.</param>
/// <param name="ReadFrom">Name of the reader or named pattern and the words it matched, for display: "tv SxxEyy: S01E02".</param>
/// <param name="Won">Whether the verdict uses it. Other clues are kept for the explanation.</param>
/// <param name="LostBecause">Why a pattern that fits does not decide the type; null for the winner and for other facts.</param>
public sealed record Clue(string Fact, string Value, double Confidence, string ReadFrom, bool Won = false, string? LostBecause = null);
