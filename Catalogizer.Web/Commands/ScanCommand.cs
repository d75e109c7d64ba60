using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Scanning.Redetecting;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Smb;
using Catalogizer.Web.Api;
using Spectre.Console;

namespace Catalogizer.Web.Commands;

/// <summary><c>scan PATH|smb://…</c>: adds the source if it is new, scans it and prints the result.</summary>
internal static class ScanCommand
{
    private const string UserVariable = "CATALOGIZER_SMB_USER";
    private const string PasswordVariable = "CATALOGIZER_SMB_PASSWORD";

    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var location = new Argument<string>("PATH") { Description = "A folder of this machine, or a share: smb://host/share/folder." }.ValidatePath();
        var name = new Option<string?>("--name") { Description = "The name of a new source; the folder's own unless given." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tells what a scan would find." };
        var json = new Option<bool>("--json") { Description = "Answers with one JSON object." };
        var quick = new Option<bool>("--quick") { Description = "Passes over folders whose time has not changed." };
        var full = new Option<bool>("--full") { Description = "Lists every folder, also those whose time has not changed." };
        var user = new Option<string?>("--user") { Description = $"Who reads a new share. The password is read from standard input, or from {PasswordVariable}." };
        var scan = new Command("scan", "Scans a folder or a share into the catalogue.") { location, name, dryRun, json, quick, full, user };
        scan.Validators.Add(parsed =>
        {
            if (parsed.GetValue(quick) && parsed.GetValue(full))
            {
                parsed.AddError("Either --quick or --full, not both.");
            }
        });
        scan.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(location)!, parsed.GetValue(name), parsed.GetValue(user), parsed.GetValue(dryRun), parsed.GetValue(json),
            parsed.GetValue(quick) ? ScanKind.Quick : parsed.GetValue(full) ? ScanKind.Full : null, cancellation));
        return scan;
    }

    private static async Task<int> RunAsync(string location, string? name, string? user, bool dryRun, bool json, ScanKind? kind, CancellationToken cancellation)
    {
        var draft = location.Contains("://", StringComparison.Ordinal) ? ParseShare(location, user) : ParseFolder(location);
        await using var host = await CommandHost.OpenAsync();
        var sources = host.GetRequired<SourceService>();
        var source = (await sources.FindAsync(Actor.System, draft, cancellation)).ValueOrThrow();
        if (source.Id == 0 && draft.Username is not null)
        {
            draft = draft with { Password = await ReadPasswordAsync(cancellation) };
            source = (await sources.FindAsync(Actor.System, draft, cancellation)).ValueOrThrow();
        }

        if (dryRun)
        {
            return await PreviewAsync(host, source, json, cancellation);
        }

        // Records the detector's version in an empty catalogue, so that the server does not need to redetect it.
        await host.GetRequired<Redetection>().IsDueAsync(cancellation);
        var view = source.Id == 0
            ? await sources.AddAsync(Actor.System, draft with { Name = name ?? draft.Name }, cancellation)
            : await sources.GetAsync(Actor.System, source.Id, cancellation);
        return await ScanAsync(host, view.ValueOrThrow(), json, kind, cancellation);
    }

    private static T ValueOrThrow<T>(this Result<T> result) => result.IsOk ? result.Value : throw new StartupException(result.Error!.Message);

    private static SourceDraft ParseFolder(string location)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(location));
        return new SourceDraft { Name = Path.GetFileName(path) is { Length: > 0 } own ? own : "Root", Protocol = "local", Path = path };
    }

    private static SourceDraft ParseShare(string location, string? user)
    {
        if (!location.StartsWith(SmbAddress.Scheme, StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupException($"“{location}” is neither a folder of this machine nor a share: this version reads smb://host/share/folder and no other protocol.");
        }

        if (!SmbAddress.TryParse(location, out var address, out var problem))
        {
            throw new StartupException(problem);
        }

        return new SourceDraft
        {
            Name = address.Folder.Length > 0 ? address.Folder[(address.Folder.LastIndexOf('/') + 1)..] : address.Share,
            Protocol = "smb",
            Host = address.Host,
            Port = address.Port,
            Share = address.Share,
            Folder = address.Folder,
            Domain = address.Domain,
            Username = user ?? address.User ?? Environment.GetEnvironmentVariable(UserVariable),
        };
    }

    /// <summary>The password is never an argument, which everyone on the machine could read.</summary>
    private static async Task<string> ReadPasswordAsync(CancellationToken cancellation) =>
        Environment.GetEnvironmentVariable(PasswordVariable)
        ?? await Console.In.ReadLineAsync(cancellation)
        ?? throw new StartupException($"A user needs a password: give it on standard input or in {PasswordVariable}.");

    private static async Task<int> PreviewAsync(CommandHost host, Source source, bool json, CancellationToken cancellation)
    {
        try
        {
            var preview = await host.GetRequired<ScanPreview>().RunAsync(Actor.System, source, cancellation);
            var types = string.Join(", ", preview.ByType.Select(t => $"{t.Value} {t.Key}"));
            await Console.Out.WriteLineAsync(json
                ? JsonSerializer.Serialize(preview, CreateJsonOptions())
                : string.Create(CultureInfo.InvariantCulture, $"{preview.Listed} files listed: {preview.Added} new ({types}), {preview.Changed} changed, {preview.Missing} missing; {preview.Skipped} passed over, {preview.FailedFolders} folders could not be read. Nothing was saved."));
            return 0;
        }
        catch (SourceException exception)
        {
            throw new StartupException(exception.Message, exception);
        }
    }

    private static async Task<int> ScanAsync(CommandHost host, SourceView source, bool json, ScanKind? kind, CancellationToken cancellation)
    {
        var scans = host.GetRequired<ScanService>();
        using var subscription = host.GetRequired<EventStreamer>().Subscribe();
        var started = await scans.StartAsync(Actor.System, source.Id, kind, cancellation);
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
        await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(ScanResponse.From(scan), CreateJsonOptions()) : FormatSummary(source, scan));
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
            await foreach (var batch in subscription.ReadAsync(RefreshInterval, cancellation))
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

    private static string FormatSummary(SourceView source, ScanView scan) => string.Create(
        CultureInfo.InvariantCulture,
        $"{source.Name}: {scan.State.ToString().ToLowerInvariant()}. {scan.Listed} files listed, {scan.Added} added, {scan.Changed} changed, {scan.Missing} missing, {scan.Unknown} unknown, {scan.Skipped} passed over, {scan.FailedFolders} folders failed. {scan.Reason}").TrimEnd();

    private static JsonSerializerOptions CreateJsonOptions()
    {
        var options = new JsonSerializerOptions();
        ApiJson.Configure(options);
        return options;
    }
}
