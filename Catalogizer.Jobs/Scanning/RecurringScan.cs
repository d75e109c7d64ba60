using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Jobs.Scanning;

/// <summary>Scans a source because its schedule says so.</summary>
public sealed class RecurringScan(ScanService scans, SourceConnectors connectors) : IBackgroundJob
{
    public static string Name => "scan";

    public async Task<string> RunAsync(string argument, CancellationToken cancellation)
    {
        var sourceId = long.Parse(argument, CultureInfo.InvariantCulture);
        if (connectors.States.IsAway(sourceId))
        {
            return "It is away; it is looked over when it is back.";
        }

        var started = await scans.StartAsync(Actor.System, sourceId, null, cancellation);
        if (started.Error is { } error)
        {
            return error.Message;
        }

        await scans.WaitAsync(started.Value.Id, cancellation);
        var scan = (await scans.GetAsync(Actor.System, started.Value.Id, cancellation)).Value;
        return string.Create(CultureInfo.InvariantCulture, $"{scan.State}: {scan.Listed} listed, {scan.Added} added, {scan.Changed} changed, {scan.Missing} missing. {scan.Reason}").TrimEnd();
    }
}
