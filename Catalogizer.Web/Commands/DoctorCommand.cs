using System.CommandLine;
using Catalogizer.Domain.Operations.Health;

namespace Catalogizer.Web.Commands;

/// <summary>
/// <c>doctor</c>: checks key, schema, search index, counters and sources, and reports what is wrong; with <c>--repair</c> it first rebuilds
/// what can be rebuilt. An offline source is only a note.
/// </summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var repair = new Option<bool>("--repair") { Description = "First builds the search index and the counters anew." };
        var doctor = new Command("doctor", "Checks the key, the database, the search index and the sources.") { repair };
        doctor.SetAction((parsed, cancellation) => RunAsync(parsed.GetValue(repair), cancellation));
        return doctor;
    }

    private static async Task<int> RunAsync(bool repair, CancellationToken cancellation)
    {
        await using var host = await CommandHost.OpenAsync();
        await Console.Out.WriteLineAsync($"Data folder: {host.Data.Path}");
        if (repair)
        {
            await Console.Out.WriteLineAsync(await host.GetRequired<Doctor>().RepairAsync(cancellation));
        }

        var failures = 0;
        await foreach (var finding in host.GetRequired<Doctor>().RunAsync(cancellation))
        {
            var label = finding.Ok ? "ok   " : finding.IsExternal ? "note " : "WRONG";
            failures += label == "WRONG" ? 1 : 0;
            await Console.Out.WriteLineAsync($"{label} {finding.Subject}: {finding.Message}");
        }

        if (failures > 0)
        {
            await Console.Error.WriteLineAsync($"{failures} thing{(failures == 1 ? " is" : "s are")} not in order; the lines above say what.");
            return 1;
        }

        return 0;
    }
}
