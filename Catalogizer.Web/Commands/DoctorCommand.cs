using System.CommandLine;
using Catalogizer.Domain.Health;

namespace Catalogizer.Web.Commands;

/// <summary><c>doctor</c>: checks key, schema, search index, counters and sources, and says what is wrong.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var doctor = new Command("doctor", "Checks the key, the database, the search index and the sources.");
        doctor.SetAction((_, cancellation) => RunAsync(cancellation));
        return doctor;
    }

    private static async Task<int> RunAsync(CancellationToken cancellation)
    {
        await using var catalogue = await CommandCatalogue.OpenAsync();
        await Console.Out.WriteLineAsync($"Data folder: {catalogue.Data.Path}");
        var wrong = 0;
        await foreach (var finding in catalogue.Get<Doctor>().ExamineAsync(cancellation))
        {
            wrong += finding.Ok ? 0 : 1;
            await Console.Out.WriteLineAsync($"{(finding.Ok ? "ok   " : "WRONG")} {finding.What}: {finding.Message}");
        }

        if (wrong > 0)
        {
            await Console.Error.WriteLineAsync($"{wrong} thing{(wrong == 1 ? " is" : "s are")} not in order; the lines above say what.");
            return 1;
        }

        return 0;
    }
}
