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
    /// <summary>The key of the one concern that stands for many sources.</summary>
    internal const string Together = "away";

    /// <summary>From so many sources on, what they have in common is one concern: most often it is the network.</summary>
    private const int Many = 3;
    private const int MostNamed = 5;

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

        var away = sources.Where(s => s.Mode == SourceMode.AlwaysOn && s.IsAway()).ToList();
        if (away.Count >= Many)
        {
            yield return OfAll(away, away.Count == sources.Count);
        }

        foreach (var source in away.Count >= Many ? [] : away)
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

    private static Concern OfAll(List<SourceStatus> away, bool areAll)
    {
        var names = string.Join(", ", away.Take(MostNamed).Select(s => DisplayName.Of(s.Name))) + (away.Count > MostNamed ? FormattableString.Invariant($" and {away.Count - MostNamed} more") : "");
        return new Concern(
            Together, "danger", areAll ? FormattableString.Invariant($"All {away.Count} sources are offline") : FormattableString.Invariant($"{away.Count} sources are offline"),
            $"{names}. Everything on them stays browsable.", away.Min(s => s.NextAttemptAt), CatalogUrls.Sources, "See the sources");
    }
}
