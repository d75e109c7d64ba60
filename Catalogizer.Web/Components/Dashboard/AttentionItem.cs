using Catalogizer.Domain.Operations.Health;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Components.Library;
using Catalogizer.Web.Components.Sources;
using Catalogizer.Web.Components.Ui;

namespace Catalogizer.Web.Components.Dashboard;

/// <summary>A problem on the home page that needs the user's attention.</summary>
/// <param name="Key">The same for the same problem, so that its entry stays in place on the page.</param>
/// <param name="Tone">warning or danger.</param>
/// <param name="NextAttemptAt">Time of the next automatic attempt; null if there is none.</param>
/// <param name="Href">Page with the details.</param>
public sealed record AttentionItem(string Key, string Tone, string Title, string Message, DateTimeOffset? NextAttemptAt, string Href, string ActionLabel)
{
    /// <summary>Key of the entry that groups several unreachable sources.</summary>
    internal const string GroupKey = "away";

    /// <summary>From this number of unreachable sources on, they are one entry: usually the network is the cause.</summary>
    private const int GroupThreshold = 3;
    private const int MaxNamedSources = 5;

    /// <summary>Failing health checks, critical ones first.</summary>
    public static IEnumerable<AttentionItem> From(IReadOnlyList<HealthFinding> failing) => failing.OrderByDescending(f => f.Critical).Select(f => new AttentionItem(
        $"check:{f.Name}", f.Critical ? "danger" : "warning", f.Title, DisplayName.From(f.Message), null, CatalogUrls.Health, "See what to do"));

    /// <summary>Problems of sources and their scans, the worst first. A mostly offline source that is unreachable is not a problem.</summary>
    public static IEnumerable<AttentionItem> From(IReadOnlyList<SourceStatus> sources)
    {
        foreach (var source in sources.Where(s => s.LastScan?.State == ScanState.Held))
        {
            yield return new AttentionItem(
                $"held:{source.Id}", "warning", $"The last scan of {DisplayName.From(source.Name)} is held",
                $"{MediaLabels.FormatCount(source.LastScan!.Missing, "file")} would become missing. Nothing was marked yet.", null, CatalogUrls.Scan(source.LastScan.Id), "Look at it");
        }

        var unreachable = sources.Where(s => s.Mode == SourceMode.AlwaysOn && s.IsUnreachable()).ToList();
        if (unreachable.Count >= GroupThreshold)
        {
            yield return CreateGroup(unreachable, unreachable.Count == sources.Count);
        }

        foreach (var source in unreachable.Count >= GroupThreshold ? [] : unreachable)
        {
            yield return new AttentionItem(
                $"away:{source.Id}", "danger", $"{DisplayName.From(source.Name)} is {source.ToDisplay().Word}",
                DisplayName.From(source.LastError ?? "It does not answer."), source.NextAttemptAt, CatalogUrls.Sources, "See the sources");
        }

        foreach (var source in sources.Where(s => !s.IsUnreachable() && s.LastScan?.State == ScanState.Failed))
        {
            yield return new AttentionItem(
                $"failed:{source.Id}", "danger", $"The last scan of {DisplayName.From(source.Name)} failed",
                DisplayName.From(source.LastScan!.Reason ?? "It gave no reason."), null, CatalogUrls.Sources, "See the sources");
        }
    }

    private static AttentionItem CreateGroup(List<SourceStatus> unreachable, bool areAll)
    {
        var names = string.Join(", ", unreachable.Take(MaxNamedSources).Select(s => DisplayName.From(s.Name))) + (unreachable.Count > MaxNamedSources ? FormattableString.Invariant($" and {unreachable.Count - MaxNamedSources} more") : "");
        return new AttentionItem(
            GroupKey, "danger", areAll ? FormattableString.Invariant($"All {unreachable.Count} sources are offline") : FormattableString.Invariant($"{unreachable.Count} sources are offline"),
            $"{names}. Everything on them stays browsable.", unreachable.Min(s => s.NextAttemptAt), CatalogUrls.Sources, "See the sources");
    }
}
