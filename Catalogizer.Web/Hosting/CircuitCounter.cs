using Catalogizer.Domain.Common;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace Catalogizer.Web.Hosting;

/// <summary>Counts the connected pages.</summary>
internal sealed class CircuitCounter(OpenConnections connections) : CircuitHandler
{
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        connections.AddCircuit();
        return Task.CompletedTask;
    }

    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        connections.RemoveCircuit();
        return Task.CompletedTask;
    }
}
