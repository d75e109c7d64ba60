using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Quality;

/// <summary>Looks into a copy's first file where it lies: by its path on this machine, through the source's pipeline elsewhere.</summary>
public sealed class QualityProbe(SourceConnectors connectors, Ffprobe ffprobe, RangeEndpoint endpoint, MediaDetector detector)
{
    /// <returns>What is in it, and the bytes that were read over the network; null for a file of this machine.</returns>
    /// <exception cref="SourceFault">The source or the file could not be read.</exception>
    /// <exception cref="ProbeFault">It is no media file, or cannot be looked into.</exception>
    public async Task<(MediaMeasures Measures, long? Bytes)> LookAsync(Source source, AnalysisCandidate copy, CancellationToken cancellation)
    {
        await using var connector = connectors.Connect(source);
        await using var content = await Task.Run(async () => await connector.OpenAsync(copy.Path, cancellation), cancellation);
        if (source.Protocol == "local" && Path.Join(source.Path, copy.Path) is var path && File.Exists(path))
        {
            return (await ffprobe.LookAsync(path, cancellation), null);
        }

        using var served = endpoint.Serve(content);
        try
        {
            return (await ffprobe.LookAsync(served.Address, cancellation), served.Bytes);
        }
        catch (ProbeFault) when (served.Fault is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>How good the copy is: what was measured, and from its name what nobody can measure.</summary>
    public QualityMetrics Judge(AnalysisCandidate copy, MediaMeasures? measures) => QualityMetrics.Of(detector.Detect(copy.Path).Fields, measures, copy.Size);
}
