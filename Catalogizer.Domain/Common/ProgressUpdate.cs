namespace Catalogizer.Domain.Common;

/// <summary>Progress of a long operation.</summary>
/// <param name="Percent">0 to 100; null when unknown.</param>
/// <param name="Message">The current step, in a few words.</param>
public sealed record ProgressUpdate(int? Percent, string Message);
