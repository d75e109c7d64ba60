using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Metadata.Pictures;
using Catalogizer.Domain.Quality.Contents;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Quality;

/// <summary>Looks into a copy's first file where it lies: by its path on this machine, through the source's pipeline elsewhere.</summary>
public sealed class MediaProbe(SourceConnectors connectors, Ffprobe ffprobe, RangeEndpoint endpoint, MediaDetector detector)
{
    /// <summary>Whether what is needed for it is installed.</summary>
    public bool CanAnalyze(AnalysisCandidate candidate) => ffprobe.IsInstalled || ContentReader.CanRead(candidate.Path);

    /// <exception cref="SourceException">The source or the file could not be read.</exception>
    /// <exception cref="MediaProbeException">It is no media file, or cannot be looked into.</exception>
    public Task<ProbeResult> AnalyzeAsync(Source source, AnalysisCandidate candidate, CancellationToken cancellation) => ReadAsync(
        source,
        candidate.Path,
        async (content, local) =>
        {
            if (ContentReader.CanRead(candidate.Path))
            {
                var (contents, bytes) = await ContentReader.ReadAsync(candidate.Path, content, cancellation);
                return new ProbeResult(null, contents, local is null ? bytes : null);
            }

            if (local is not null)
            {
                return new ProbeResult(await ffprobe.AnalyzeAsync(local, cancellation), null, null);
            }

            var (properties, read) = await ServeAsync(content, address => ffprobe.AnalyzeAsync(address, cancellation));
            return new ProbeResult(properties, null, read);
        },
        cancellation);

    /// <summary>A picture of what the file is: the one that is kept in it, else one from the film itself.</summary>
    /// <returns>Null when it has none.</returns>
    /// <exception cref="SourceException">The source or the file could not be read.</exception>
    /// <exception cref="MediaProbeException">It cannot be looked into.</exception>
    internal Task<byte[]?> ExtractArtworkAsync(Source source, ArtworkCandidate candidate, CancellationToken cancellation) => ReadAsync(
        source,
        candidate.Path,
        async (content, local) => candidate switch
        {
            { Cover: { } cover } => await ContentReader.ReadCoverAsync(cover, content, cancellation),
            _ when local is not null => await ImageExtractor.ExtractAsync(MediaTool.InputArguments(local), candidate.FrameAt, cancellation),
            _ => (await ServeAsync(content, address => ImageExtractor.ExtractAsync(MediaTool.InputArguments(address), candidate.FrameAt, cancellation))).Answer,
        },
        cancellation);

    /// <param name="read">Is told the file's path where it lies on this machine.</param>
    private async Task<T> ReadAsync<T>(Source source, string path, Func<Stream, string?, Task<T>> read, CancellationToken cancellation)
    {
        await using var connector = connectors.Connect(source);
        await using var content = await Task.Run(async () => await connector.OpenAsync(path, cancellation), cancellation);
        return await read(content, source.Protocol == "local" && Path.Join(source.Path, path) is var local && File.Exists(local) ? local : null);
    }

    private async Task<(T Answer, long Bytes)> ServeAsync<T>(Stream content, Func<Uri, Task<T>> analyze)
    {
        using var served = endpoint.Serve(content);
        try
        {
            return (await analyze(served.Address), served.BytesRead);
        }
        catch (MediaProbeException) when (served.ReadError is { } exception)
        {
            throw exception;
        }
    }

    /// <summary>How good the copy is: what was measured, and from its name what nobody can measure.</summary>
    public QualityMetrics ComputeQuality(AnalysisCandidate candidate, MediaProperties? properties) => QualityMetrics.From(detector.Detect(candidate.Path).Fields, properties, candidate.Size);
}

/// <summary>What a look into a file found.</summary>
/// <param name="Properties">Of a film or of sound.</param>
/// <param name="Contents">Of a file that holds others.</param>
/// <param name="BytesRead">Bytes read over the network; null for a file of this machine.</param>
public sealed record ProbeResult(MediaProperties? Properties, FileContents? Contents, long? BytesRead);
