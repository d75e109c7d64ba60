using System.CommandLine;
using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Web.Commands;

/// <summary><c>redetect</c>: runs detection again on the names in the catalogue, without reading any source, and reports what changes.</summary>
internal static class RedetectCommand
{
    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tells what would change." };
        var source = new Option<string?>("--source") { Description = "Only the names on the source of this name." };
        var redetect = new Command("redetect", "Reads the names in the catalogue again; sources may be away.") { dryRun, source };
        redetect.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(dryRun), parsed.GetValue(source), cancellation));
        return redetect;
    }

    private static async Task<int> RunAsync(bool dryRun, string? source, CancellationToken cancellation)
    {
        await using var host = await CommandHost.OpenAsync();
        var id = source is null ? (long?)null : await FindSourceIdAsync(host, source, cancellation);
        var report = await host.GetRequired<Redetection>().RunAsync(id, dryRun, new ConsoleProgress(), cancellation);
        foreach (var (path, was, now) in report.Examples)
        {
            await Console.Out.WriteLineAsync($"{path}{Environment.NewLine}    {was} → {now}");
        }

        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Files} names read: {report.Items} files of another work, {report.Types} of another type, {report.Versions} copies, {report.Titles} titles, {report.Sidecars} beside a work, {report.Pinned} kept as people left them.{(dryRun ? " Nothing was saved." : "")}"));
        return 0;
    }

    private static async Task<long> FindSourceIdAsync(CommandHost host, string name, CancellationToken cancellation)
    {
        var sources = await host.GetRequired<SourceService>().ListAsync(Actor.System, cancellation);
        return sources.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase))?.Id
            ?? throw new StartupException($"There is no source called “{name}”.");
    }

    /// <summary>Shows progress if standard error is a terminal.</summary>
    private sealed class ConsoleProgress : IProgress<ProgressUpdate>
    {
        public void Report(ProgressUpdate value)
        {
            if (!Console.IsErrorRedirected)
            {
                Console.Error.Write($"\r{value.Message}");
            }
        }
    }
}
