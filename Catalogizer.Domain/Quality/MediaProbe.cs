using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Metadata.Artworks;
using Catalogizer.Domain.Quality.Contents;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Quality;

/// <summary>Analyses the first file of a version: on this server by its path, otherwise through the source's pipeline.</summary>
public sealed class MediaProbe(SourceConnectors connectors, Ffprobe ffprobe, RangeEndpoint endpoint, MediaDetector detector)
{
    /// <summary>Whether the program that the analysis needs, if any, is installed.</summary>
    public bool CanAnalyze(AnalysisCandidate candidate) => ffprobe.IsInstalled || ContentReader.CanRead(candidate.Path);

    /// <exception cref="SourceException">The source or the file could not be read.</exception>
    /// <exception cref="MediaProbeException">The file is not a media file, or its analysis failed.</exception>
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

    /// <summary>Extracts an image of the file: the embedded one or, if there is none, a frame of the film.</summary>
    /// <returns>Null when there is no image.</returns>
    /// <exception cref="SourceException">The source or the file could not be read.</exception>
    /// <exception cref="MediaProbeException">The image could not be extracted.</exception>
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

    /// <param name="read">Receives the content and, for a file on this server, its path; null otherwise.</param>
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

    /// <summary>Quality of a version: measured properties and, for those that cannot be measured, the name.</summary>
    public QualityMetrics ComputeQuality(AnalysisCandidate candidate, MediaProperties? properties) => QualityMetrics.From(detector.Detect(DiscFolder.GetNamePath(candidate.Path)).Fields, properties, candidate.Size);
}

/// <summary>Result of the analysis of a file.</summary>
/// <param name="Properties">For video and audio files; otherwise null.</param>
/// <param name="Contents">For files that contain other files; otherwise null.</param>
/// <param name="BytesRead">Number of bytes read over the network; null for a file on this server.</param>
public sealed record ProbeResult(MediaProperties? Properties, FileContents? Contents, long? BytesRead);
