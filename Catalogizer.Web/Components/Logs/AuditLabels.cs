using System.Globalization;
using Catalogizer.Domain.Auditing;
using Catalogizer.Web.Components.Ui;

namespace Catalogizer.Web.Components.Logs;

/// <summary>Audit log entries as sentences: the user comes before the action, its target after it.</summary>
internal static class AuditLabels
{
    private static readonly Dictionary<string, string> ActionLabels = new(StringComparer.Ordinal)
    {
        ["accounts.addKey"] = "made an API key",
        ["accounts.changePassword"] = "changed their password",
        ["accounts.endSession"] = "ended a session",
        ["accounts.lock"] = "was barred after wrong passwords",
        ["accounts.recoveryCodes"] = "made new recovery codes",
        ["accounts.refresh"] = "renewed a sign-in",
        ["accounts.refreshReused"] = "had all sign-ins ended, because a used token came again",
        ["accounts.refused"] = "was refused a request",
        ["accounts.removeKey"] = "removed an API key",
        ["accounts.secondFactorOff"] = "turned their second factor off",
        ["accounts.secondFactorOn"] = "turned their second factor on",
        ["accounts.signIn"] = "signed in",
        ["accounts.signInFailed"] = "failed to sign in",
        ["accounts.signOut"] = "signed out",
        ["accounts.useLink"] = "chose a password by a link",
        ["errors.triage"] = "sorted an error",
        ["jobs.cancel"] = "cancelled a job",
        ["jobs.pause"] = "paused a job",
        ["jobs.resume"] = "let a job run again",
        ["jobs.retry"] = "tried a job once more",
        ["jobs.run"] = "started a job",
        ["jobs.schedule"] = "changed when a job runs",
        ["media.edit"] = "edited an item",
        ["media.leaveAlone"] = "had an item left without a match",
        ["media.match"] = "chose what an item is",
        ["media.merge"] = "joined two items",
        ["media.refresh"] = "asked for an item's data anew",
        ["media.split"] = "split a copy off",
        ["media.undo-join"] = "took two items apart again",
        ["providers.change"] = "changed a provider",
        ["providers.order"] = "changed the order of providers",
        ["scans.cancel"] = "cancelled a scan",
        ["scans.resolve"] = "decided about held losses",
        ["scans.start"] = "started a scan",
        ["sources.add"] = "added a source",
        ["sources.pause"] = "paused a source",
        ["sources.purge"] = "deleted a removed source",
        ["sources.remove"] = "removed a source",
        ["sources.resume"] = "resumed a source",
        ["sources.retire"] = "archived a source",
        ["sources.revive"] = "brought a source back",
        ["sources.undoRemove"] = "brought a removed source back",
        ["sources.update"] = "changed a source",
        ["users.add"] = "added an account",
        ["users.removeKeys"] = "ended an account's keys",
        ["users.clearSecondFactor"] = "cleared an account's second factor",
        ["users.disable"] = "disabled an account",
        ["users.enable"] = "enabled an account",
        ["users.makeLink"] = "made a password link",
        ["users.remove"] = "removed an account",
        ["users.setGrants"] = "changed what an account may do",
        ["users.setPassword"] = "set an account's password",
        ["users.setRole"] = "changed an account's role",
        ["users.unlock"] = "unlocked an account",
    };

    /// <summary>The action as the rest of a sentence; the raw code if a later version wrote it.</summary>
    public static string For(string action) => ActionLabels.GetValueOrDefault(action, action);

    /// <summary>The name that the target had at the time, else its id.</summary>
    public static string GetTargetName(AuditEntry entry) => DisplayName.From(entry.TargetName ?? entry.Target ?? "");

    /// <summary>The target's page; null if it has none.</summary>
    public static string? FindHref(string? target) =>
        target?.Split(':') is [var kind, var number] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? kind switch
            {
                "item" => CatalogUrls.Item(id),
                "source" => CatalogUrls.Files(id),
                "scan" => CatalogUrls.Scan(id),
                "user" => CatalogUrls.Users,
                "error" => CatalogUrls.Errors,
                _ => null,
            }
            : target?.Split(':')[0] switch
            {
                "job" => CatalogUrls.JobHistory(null, target["job:".Length..]),
                "provider" => CatalogUrls.Providers,
                _ => null,
            };
}
