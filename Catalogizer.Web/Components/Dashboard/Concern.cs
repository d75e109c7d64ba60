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
/// <param name="Next">When it is tried again by itself.</param>
/// <param name="Address">Where it can be looked at.</param>
public sealed record Concern(string Key, string Tone, string Title, string Message, DateTimeOffset? Next, string Address, string Action)
{
    /// <summary>What checks of the program itself found wrong, the critical ones first.</summary>
    public static IEnumerable<Concern> Of(IReadOnlyList<HealthFinding> failing) => failing.OrderByDescending(f => f.Critical).Select(f => new Concern(
        $"check:{f.Name}", f.Critical ? "danger" : "warning", f.Title, DisplayName.Of(f.Message), null, CatalogUrls.Health, "See what to do"));

    /// <summary>What is wrong with the sources and their scans, the worst first. To be away is no trouble where it is a source's nature.</summary>
    public static IEnumerable<Concern> Of(IReadOnlyList<SourceStatus> sources)
    {
        foreach (var source in sources.Where(s => s.LastScan?.State == ScanState.Held))
        {
            yield return new Concern(
                $"held:{source.Id}", "warning", $"The last scan of {DisplayName.Of(source.Name)} is held",
                $"{MediaWords.Count(source.LastScan!.Missing, "file")} would become missing. Nothing was marked yet.", null, CatalogUrls.Scan(source.LastScan.Id), "Look at it");
        }

        foreach (var source in sources.Where(s => s.Mode == SourceMode.AlwaysOn && s.IsAway()))
        {
            yield return new Concern(
                $"away:{source.Id}", "danger", $"{DisplayName.Of(source.Name)} is {source.State().Word}",
                DisplayName.Of(source.LastError ?? "It does not answer."), source.NextAttemptAt, CatalogUrls.Sources, "See the sources");
        }

        foreach (var source in sources.Where(s => !s.IsAway() && s.LastScan?.State == ScanState.Failed))
        {
            yield return new Concern(
                $"failed:{source.Id}", "danger", $"The last scan of {DisplayName.Of(source.Name)} failed",
                DisplayName.Of(source.LastScan!.Reason ?? "It gave no reason."), null, CatalogUrls.Sources, "See the sources");
        }
    }
}
