using Catalogizer.Domain.Library;
using Catalogizer.Domain.Quality;

namespace Catalogizer.Web.Components.Library;

/// <param name="Tone">Tone of the badge.</param>
public sealed record AnalysisLabel(string Label, string Tone, string Hint);

/// <summary>Whether a version's file was analysed, worded the same on cards, item pages and comparisons.</summary>
public static class AnalysisLabels
{
    public const string Failed = "Analysis failed";
    public const string Waiting = "Waiting for analysis";
    public const string Analyzed = "Analysed";
    public const string FromName = "From file name";

    /// <param name="report">Null when it is not known how the version got its score.</param>
    public static AnalysisLabel For(MediaVersion version, VersionQualityReport? report) => report switch
    {
        { LastAnalysis.Error: not null } => new(Failed, "danger", "The file could not be read"),
        { IsPending: true } => new(Waiting, "warning", "The file is read as soon as there is time"),
        _ when version.QualityFrom != "name" || report?.LastAnalysis is not null => new(Analyzed, "ok", "Read from the file itself"),
        _ => new(FromName, "warning", "Not analysed yet"),
    };

    /// <summary>Where a part of a score comes from; empty when unknown.</summary>
    public static string For(PartOrigin origin) => origin switch
    {
        PartOrigin.Name => "from file name",
        PartOrigin.File => "analysed",
        PartOrigin.Estimate => "estimated",
        _ => "",
    };
}
