using System.Globalization;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Trouble that is told before a source is asked.</summary>
internal static class SourceFaults
{
    /// <summary>Too many operations waited for the source.</summary>
    public const string BusyCode = "busy";

    /// <summary>The source is away, and was not asked.</summary>
    public const string AwayCode = "away";

    public static SourceFault Busy(TimeSpan waited) => new(
        SourceFaultKind.TimedOut, string.Create(CultureInfo.InvariantCulture, $"The source is busy: its other operations did not end within {waited.TotalSeconds:0} seconds.")) { Code = BusyCode };

    public static SourceFault TookTooLong(TimeSpan limit) => new(
        SourceFaultKind.TimedOut, string.Create(CultureInfo.InvariantCulture, $"The source did not answer within {limit.TotalSeconds:0.#} seconds."));

    /// <param name="left">Until the next try; null when somebody has to do something first.</param>
    public static SourceFault Away(string why, TimeSpan? left) =>
        new(SourceFaultKind.Unreachable, $"{why} {NextTry(left)}") { Code = AwayCode, IsOfSource = true };

    /// <summary>May pass by itself, and may be tried again.</summary>
    public static bool MayPass(this SourceFault fault) =>
        fault is { Kind: SourceFaultKind.Unreachable or SourceFaultKind.TimedOut, Code: not (BusyCode or AwayCode) };

    /// <summary>A further try changes nothing, or does harm: each counts at the server, and too many lock the account.</summary>
    public static bool NeedsSomebody(this SourceFault fault) => fault.Code == "wrongLogin" || fault.Kind == SourceFaultKind.Forbidden;

    private static string NextTry(TimeSpan? left) => left switch
    {
        null => "It is tried again when its settings are changed or somebody asks for it.",
        { TotalSeconds: < 1.5 } => "It is tried again now.",
        { TotalSeconds: < 90 } some => string.Create(CultureInfo.InvariantCulture, $"Next try in {some.TotalSeconds:0} seconds."),
        { } some => string.Create(CultureInfo.InvariantCulture, $"Next try in {some.TotalMinutes:0} minutes."),
    };
}
