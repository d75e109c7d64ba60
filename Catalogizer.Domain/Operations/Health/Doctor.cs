using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Operations.Health;

/// <summary>The result of one of the doctor's checks.</summary>
public sealed record DoctorFinding(string Subject, bool Ok, string Message)
{
    /// <summary>Whether it is about something outside of the catalogue: a source may be offline while everything here is fine.</summary>
    public bool IsExternal { get; init; }
}

/// <summary>Thorough checks that may take a while: schema, integrity of the database and its search tables, counters, sources.</summary>
public sealed class Doctor(IStorageCheck storage, SourceService sources, SourceProbe probe)
{
    /// <summary>Rebuilds what can be derived from the rest of the catalogue, and returns a sentence about it.</summary>
    public async Task<string> RepairAsync(CancellationToken cancellation)
    {
        var (items, files) = await storage.RebuildAsync(cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"The search index and the counters were built anew: {items} works, {files} files.");
    }

    public async IAsyncEnumerable<DoctorFinding> RunAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var finding in storage.CheckAsync(cancellation))
        {
            yield return finding;
        }

        foreach (var source in await sources.ListAsync(Actor.System, cancellation))
        {
            if (source.Retired)
            {
                continue;
            }

            var test = await probe.TestAsync(Actor.System, new SourceDraft(), source.Id, cancellation);
            yield return new DoctorFinding($"source “{source.Name}”", test.Ok, test.Message) { IsExternal = true };
        }
    }
}
