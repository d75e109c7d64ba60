using Catalogizer.Domain.Health;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Components.Library;
using Catalogizer.Web.Components.Sources;
using Catalogizer.Web.Components.Ui;

namespace Catalogizer.Web.Components.Dashboard;

/// <summary>Something that somebody should look at.</summary>
/// <param name="Key">The same for the same trouble, so that it stays where it is on the page.</param>
/// <param name="Tone">warning or danger.</param>
/// <param name="NextAttemptAt">When it is tried again by itself.</param>
/// <param name="Href">Where it can be looked at.</param>
public sealed record AttentionItem(string Key, string Tone, string Title, string Message, DateTimeOffset? NextAttemptAt, string Href, string ActionLabel)
{
    /// <summary>The key of the one concern that stands for many sources.</summary>
    internal const string GroupKey = "away";

    /// <summary>From so many sources on, what they have in common is one concern: most often it is the network.</summary>
    private const int GroupThreshold = 3;
    private const int MaxNamedSources = 5;

    /// <summary>What checks of the program itself found wrong, the critical ones first.</summary>
    public static IEnumerable<AttentionItem> From(IReadOnlyList<HealthFinding> failing) => failing.OrderByDescending(f => f.Critical).Select(f => new AttentionItem(
        $"check:{f.Name}", f.Critical ? "danger" : "warning", f.Title, DisplayName.From(f.Message), null, CatalogUrls.Health, "See what to do"));

    /// <summary>What is wrong with the sources and their scans, the worst first. To be away is no trouble where it is a source's nature.</summary>
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
