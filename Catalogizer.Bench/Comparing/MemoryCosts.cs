using System.Globalization;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Comparing;

/// <summary>What a circuit on the library takes of the server's memory.</summary>
internal sealed class CircuitCost : ICompared
{
    public string Name => "circuits";

    public async Task<IReadOnlyList<Cost>> MeasureAsync(Build build, bool quick)
    {
        var count = quick ? 100 : 300;
        await using var server = await build.ServeAsync();
        await using (await Circuits.OpenAsync(server, "/library", Circuits.Card, 10))
        {
            // What the first circuits set up is not each circuit's.
        }

        var before = await server.SettledBytesAsync();
        await using var circuits = await Circuits.OpenAsync(server, "/library", Circuits.Card, count);
        return [new Cost(string.Create(CultureInfo.InvariantCulture, $"memory of each of {count} circuits on the library"), "kB", (await server.SettledBytesAsync() - before) / 1e3 / count)];
    }
}

/// <summary>What the server holds with its home page open.</summary>
internal sealed class MemoryCost : ICompared
{
    public string Name => "memory";

    public async Task<IReadOnlyList<Cost>> MeasureAsync(Build build, bool quick)
    {
        await using var server = await build.ServeAsync();
        await using var circuits = await Circuits.OpenAsync(server, "/", Circuits.Card, 1);
        return [new Cost("resident memory with the home page open, after a collection", "MB", await server.SettledBytesAsync() / 1e6)];
    }
}
