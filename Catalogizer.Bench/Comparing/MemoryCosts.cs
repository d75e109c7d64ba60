using System.Globalization;
using Catalogizer.Bench.Rig;

namespace Catalogizer.Bench.Comparing;

/// <summary>Server memory per circuit on the library page.</summary>
internal sealed class CircuitCost : IBuildCost
{
    public string Name => "circuits";

    public async Task<IReadOnlyList<Cost>> MeasureAsync(Build build, bool quick)
    {
        var count = quick ? 100 : 300;
        await using var server = await build.StartServerAsync();
        await using (await BlazorCircuitPool.OpenAsync(server, "/library", BlazorCircuitPool.CardMarker, 10))
        {
            // Warms up: what the first circuits allocate once does not count for each circuit.
        }

        var before = await server.MeasureSettledBytesAsync();
        await using var circuits = await BlazorCircuitPool.OpenAsync(server, "/library", BlazorCircuitPool.CardMarker, count);
        return [new Cost(string.Create(CultureInfo.InvariantCulture, $"memory of each of {count} circuits on the library"), "kB", (await server.MeasureSettledBytesAsync() - before) / 1e3 / count)];
    }
}

/// <summary>Resident memory of the server with its home page open.</summary>
internal sealed class MemoryCost : IBuildCost
{
    public string Name => "memory";

    public async Task<IReadOnlyList<Cost>> MeasureAsync(Build build, bool quick)
    {
        await using var server = await build.StartServerAsync();
        await using var circuits = await BlazorCircuitPool.OpenAsync(server, "/", BlazorCircuitPool.CardMarker, 1);
        return [new Cost("resident memory with the home page open, after a collection", "MB", await server.MeasureSettledBytesAsync() / 1e6)];
    }
}
