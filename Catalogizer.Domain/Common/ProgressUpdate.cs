namespace Catalogizer.Domain.Common;

/// <summary>How far a long piece of work has come.</summary>
/// <param name="Percent">0 to 100; null where nobody can tell.</param>
/// <param name="Message">What it is at, in a few words.</param>
public sealed record ProgressUpdate(int? Percent, string Message);
