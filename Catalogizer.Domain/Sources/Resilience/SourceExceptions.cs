using System.Globalization;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Trouble that is told before a source is asked.</summary>
internal static class SourceExceptions
{
    /// <summary>Too many operations waited for the source.</summary>
    public const string BulkheadFullCode = "busy";

    /// <summary>The source is away, and was not asked.</summary>
    public const string CircuitOpenCode = "away";

    public static SourceException BulkheadFull(TimeSpan waited) => new(
        SourceErrorKind.TimedOut, string.Create(CultureInfo.InvariantCulture, $"The source is busy: its other operations did not end within {waited.TotalSeconds:0} seconds.")) { Code = BulkheadFullCode };

    public static SourceException TimedOut(TimeSpan limit) => new(
        SourceErrorKind.TimedOut, string.Create(CultureInfo.InvariantCulture, $"The source did not answer within {limit.TotalSeconds:0.#} seconds."));

    /// <param name="timeToRetry">Until the next try; null when somebody has to do something first.</param>
    public static SourceException CircuitOpen(string reason, TimeSpan? timeToRetry) =>
        new(SourceErrorKind.Unreachable, $"{reason} {DescribeNextAttempt(timeToRetry)}") { Code = CircuitOpenCode, IsSourceWide = true };

    /// <summary>May pass by itself, and may be tried again.</summary>
    public static bool IsTransient(this SourceException exception) =>
        exception is { Kind: SourceErrorKind.Unreachable or SourceErrorKind.TimedOut, Code: not (BulkheadFullCode or CircuitOpenCode) };

    /// <summary>A further try changes nothing, or does harm: each counts at the server, and too many lock the account.</summary>
    public static bool NeedsUserAction(this SourceException exception) => exception.Code == "wrongLogin" || exception.Kind == SourceErrorKind.Forbidden;

    private static string DescribeNextAttempt(TimeSpan? timeToRetry) => timeToRetry switch
    {
        null => "It is tried again when its settings are changed or somebody asks for it.",
        { TotalSeconds: < 1.5 } => "It is tried again now.",
        { TotalSeconds: < 90 } remaining => string.Create(CultureInfo.InvariantCulture, $"Next try in {remaining.TotalSeconds:0} seconds."),
        { } remaining => string.Create(CultureInfo.InvariantCulture, $"Next try in {remaining.TotalMinutes:0} minutes."),
    };
}
