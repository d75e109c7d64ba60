using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Jobs.Scanning;

/// <summary>The sources that recurring scans are about; their schedules are the sources' own.</summary>
internal sealed class ScannedSources(SourceService sources) : IJobSubjects
{
    public string Job => RecurringScan.Name;

    public async Task<IReadOnlyDictionary<string, (string Title, string? Schedule)>> ListAsync(CancellationToken cancellation) =>
        (await sources.ListAsync(Actor.System, cancellation)).Where(s => !s.Retired)
        .ToDictionary(s => s.Id.ToString(CultureInfo.InvariantCulture), s => ($"Scan of {s.Name}", s.Schedule));

    public async Task<Error?> SetScheduleAsync(Actor actor, string argument, string? cron, CancellationToken cancellation) =>
        (await sources.UpdateAsync(actor, long.Parse(argument, CultureInfo.InvariantCulture), new SourceDraft { Schedule = cron ?? "" }, cancellation)).Error;
}
