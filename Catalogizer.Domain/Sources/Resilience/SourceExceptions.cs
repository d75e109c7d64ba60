using System.Globalization;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Creates and classifies failures of source calls.</summary>
internal static class SourceExceptions
{
    /// <summary>Code: no slot became free in time.</summary>
    public const string BulkheadFullCode = "busy";

    /// <summary>Code: the circuit is open, and the source was not called.</summary>
    public const string CircuitOpenCode = "away";

    public static SourceException BulkheadFull(TimeSpan waited) => new(
        SourceErrorKind.TimedOut, string.Create(CultureInfo.InvariantCulture, $"The source is busy: its other operations did not end within {waited.TotalSeconds:0} seconds.")) { Code = BulkheadFullCode };

    public static SourceException TimedOut(TimeSpan limit) => new(
        SourceErrorKind.TimedOut, string.Create(CultureInfo.InvariantCulture, $"The source did not answer within {limit.TotalSeconds:0.#} seconds."));

    /// <param name="timeToRetry">Time until the next attempt; null when a user must act first.</param>
    public static SourceException CircuitOpen(string reason, TimeSpan? timeToRetry) =>
        new(SourceErrorKind.Unreachable, $"{reason} {DescribeNextAttempt(timeToRetry)}") { Code = CircuitOpenCode, IsSourceWide = true };

    /// <summary>Whether the failure may be temporary, so that the call can be retried.</summary>
    public static bool IsTransient(this SourceException exception) =>
        exception is { Kind: SourceErrorKind.Unreachable or SourceErrorKind.TimedOut, Code: not (BulkheadFullCode or CircuitOpenCode) };

    /// <summary>Whether a retry is useless or harmful: servers count failed logins, and lock the account after too many.</summary>
    public static bool NeedsUserAction(this SourceException exception) => exception.Code == "wrongLogin" || exception.Kind == SourceErrorKind.Forbidden;

    private static string DescribeNextAttempt(TimeSpan? timeToRetry) => timeToRetry switch
    {
        null => "It is tried again when its settings are changed or somebody asks for it.",
        { TotalSeconds: < 1.5 } => "It is tried again now.",
        { TotalSeconds: < 90 } remaining => string.Create(CultureInfo.InvariantCulture, $"Next try in {remaining.TotalSeconds:0} seconds."),
        { } remaining => string.Create(CultureInfo.InvariantCulture, $"Next try in {remaining.TotalMinutes:0} minutes."),
    };
}
