using System.Diagnostics.Metrics;

namespace Catalogizer.Domain.Common;

/// <summary>The instruments that measure the program's own work.</summary>
internal static class CatalogizerMeter
{
    public const string Name = "Catalogizer";

    private static readonly Meter Meter = new(Name);

    /// <summary>Files seen by scans.</summary>
    public static Counter<long> ScannedFiles { get; } = Meter.CreateCounter<long>("catalogizer.scan.files", "{file}");

    /// <summary>Time that writes waited in the queue, in seconds.</summary>
    public static Histogram<double> WriterWait { get; } = Meter.CreateHistogram<double>("catalogizer.writer.wait", "s");
}

/// <summary>The open connections: page circuits, and event streams of scripts.</summary>
public sealed class OpenConnections
{
    private int _circuits;
    private int _streams;

    public int Circuits => Volatile.Read(ref _circuits);

    public int Streams => Volatile.Read(ref _streams);

    public void AddCircuit() => Interlocked.Increment(ref _circuits);

    public void RemoveCircuit() => Interlocked.Decrement(ref _circuits);

    /// <summary>Counts a stream until the returned object is disposed.</summary>
    public IDisposable OpenStream()
    {
        Interlocked.Increment(ref _streams);
        return new StreamScope(this);
    }

    private sealed class StreamScope(OpenConnections connections) : IDisposable
    {
        private int _closed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                Interlocked.Decrement(ref connections._streams);
            }
        }
    }
}
