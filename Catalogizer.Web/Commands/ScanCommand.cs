using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage;
using Catalogizer.Web.Api;
using Spectre.Console;

namespace Catalogizer.Web.Commands;

/// <summary><c>scan PATH</c>: adds the source if it is new, scans it and tells what came of it.</summary>
internal static class ScanCommand
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var place = new Argument<string>("PATH") { Description = "A folder of this machine." }.ThatIsNoOption();
        var name = new Option<string?>("--name") { Description = "The name of a new source; the folder's own unless given." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tells what a scan would find." };
        var json = new Option<bool>("--json") { Description = "Answers with one JSON object." };
        var quick = new Option<bool>("--quick") { Description = "Passes over folders whose time has not changed." };
        var scan = new Command("scan", "Scans a folder into the catalogue.") { place, name, dryRun, json, quick };
        scan.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(place)!, parsed.GetValue(name), parsed.GetValue(dryRun), parsed.GetValue(json), parsed.GetValue(quick), cancellation));
        return scan;
    }

    private static async Task<int> RunAsync(string place, string? name, bool dryRun, bool json, bool quick, CancellationToken cancellation)
    {
        if (place.Contains("://", StringComparison.Ordinal))
        {
            throw new StartupException($"“{place}” is no folder of this machine, and this version reads no other protocol.");
        }

        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(place));
        await using var catalogue = await CommandCatalogue.OpenAsync();
        var sources = catalogue.Get<SourceService>();
        var known = (await sources.ListAsync(Actor.System, cancellation)).FirstOrDefault(s => s.Path == path && !s.Retired);
        return dryRun
            ? await ForecastAsync(catalogue, path, known, json, cancellation)
            : await ScanAsync(catalogue, known ?? await AddAsync(sources, path, name, cancellation), json, quick, cancellation);
    }

    private static async Task<SourceView> AddAsync(SourceService sources, string path, string? name, CancellationToken cancellation)
    {
        var named = name ?? (Path.GetFileName(path) is { Length: > 0 } own ? own : "Root");
        var added = await sources.AddAsync(Actor.System, new SourceDraft { Name = named, Protocol = "local", Path = path }, cancellation);
        return added.IsOk ? added.Value : throw new StartupException(added.Error!.Message);
    }

    private static async Task<int> ForecastAsync(CommandCatalogue catalogue, string path, SourceView? known, bool json, CancellationToken cancellation)
    {
        try
        {
            var source = new Source { Id = known?.Id ?? 0, Name = known?.Name ?? "", Protocol = "local", Path = path };
            var forecast = await catalogue.Get<ScanPreview>().RunAsync(Actor.System, source, cancellation);
            var types = string.Join(", ", forecast.ByType.Select(t => $"{t.Value} {t.Key}"));
            await Console.Out.WriteLineAsync(json
                ? JsonSerializer.Serialize(forecast, Json())
                : string.Create(CultureInfo.InvariantCulture, $"{forecast.Listed} files listed: {forecast.Added} new ({types}), {forecast.Changed} changed, {forecast.Missing} missing; {forecast.Skipped} passed over, {forecast.FailedFolders} folders could not be read. Nothing was saved."));
            return 0;
        }
        catch (SourceFault fault)
        {
            throw new StartupException(fault.Message, fault);
        }
    }

    private static async Task<int> ScanAsync(CommandCatalogue catalogue, SourceView source, bool json, bool quick, CancellationToken cancellation)
    {
        var scans = catalogue.Get<ScanService>();
        using var subscription = catalogue.Get<EventStreamer>().Subscribe();
        var started = await scans.StartAsync(Actor.System, source.Id, quick ? ScanKind.Quick : null, cancellation);
        if (started.Error is { } error)
        {
            throw new StartupException(error.Message);
        }

        if (!json && !Console.IsErrorRedirected)
        {
            await ShowProgressAsync(subscription, started.Value.Id, cancellation);
        }

        await scans.WaitAsync(started.Value.Id, cancellation);
        var scan = (await scans.GetAsync(Actor.System, started.Value.Id, cancellation)).Value;
        await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(ScanResponse.Of(scan), Json()) : Summary(source, scan));
        if (scan.State is ScanState.Failed or ScanState.Cancelled)
        {
            await Console.Error.WriteLineAsync(scan.Reason);
            return 1;
        }

        return 0;
    }

    private static async Task ShowProgressAsync(EventSubscription subscription, long scanId, CancellationToken cancellation)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().AutoClear(true).Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ElapsedTimeColumn()).StartAsync(async context =>
        {
            var task = context.AddTask("Listing…", new ProgressTaskSettings { MaxValue = double.MaxValue });
            await foreach (var batch in subscription.ReadAsync(Pace, cancellation))
            {
                foreach (var scan in batch.OfType<ScanProgressed>().Select(p => p.Scan).Where(s => s.Id == scanId))
                {
                    task.Description = Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{scan.Listed:N0} files listed, {scan.Added:N0} new, {scan.Changed:N0} changed"));
                    if (scan.FinishedAt is not null)
                    {
                        return;
                    }
                }
            }
        });
    }

    private static string Summary(SourceView source, ScanView scan) => string.Create(
        CultureInfo.InvariantCulture,
        $"{source.Name}: {scan.State.ToString().ToLowerInvariant()}. {scan.Listed} files listed, {scan.Added} added, {scan.Changed} changed, {scan.Missing} missing, {scan.Unknown} unknown, {scan.Skipped} passed over, {scan.FailedFolders} folders failed. {scan.Reason}").TrimEnd();

    private static JsonSerializerOptions Json()
    {
        var options = new JsonSerializerOptions();
        ApiJson.Configure(options);
        return options;
    }
}
