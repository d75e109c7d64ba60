using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Metadata.Pictures;
using Catalogizer.Domain.Quality.Contents;
using Catalogizer.Domain.Sources;

namespace Catalogizer.Domain.Quality;

/// <summary>Looks into a copy's first file where it lies: by its path on this machine, through the source's pipeline elsewhere.</summary>
public sealed class QualityProbe(SourceConnectors connectors, Ffprobe ffprobe, RangeEndpoint endpoint, MediaDetector detector)
{
    /// <summary>Whether what is needed for it is installed.</summary>
    public bool CanLook(AnalysisCandidate copy) => ffprobe.IsThere || ContentReader.Covers(copy.Path);

    /// <exception cref="SourceException">The source or the file could not be read.</exception>
    /// <exception cref="ProbeFault">It is no media file, or cannot be looked into.</exception>
    public Task<Findings> LookAsync(Source source, AnalysisCandidate copy, CancellationToken cancellation) => ReadAsync(
        source,
        copy.Path,
        async (content, local) =>
        {
            if (ContentReader.Covers(copy.Path))
            {
                var (contents, bytes) = await ContentReader.ReadAsync(copy.Path, content, cancellation);
                return new Findings(null, contents, local is null ? bytes : null);
            }

            if (local is not null)
            {
                return new Findings(await ffprobe.LookAsync(local, cancellation), null, null);
            }

            var (measures, read) = await ServeAsync(content, address => ffprobe.LookAsync(address, cancellation));
            return new Findings(measures, null, read);
        },
        cancellation);

    /// <summary>A picture of what the file is: the one that is kept in it, else one from the film itself.</summary>
    /// <returns>Null when it has none.</returns>
    /// <exception cref="SourceException">The source or the file could not be read.</exception>
    /// <exception cref="ProbeFault">It cannot be looked into.</exception>
    internal Task<byte[]?> PictureAsync(Source source, ArtworkCandidate copy, CancellationToken cancellation) => ReadAsync(
        source,
        copy.Path,
        async (content, local) => copy switch
        {
            { Cover: { } cover } => await ContentReader.CoverAsync(cover, content, cancellation),
            _ when local is not null => await Picture.OfAsync(MediaTool.Input(local), copy.FrameAt, cancellation),
            _ => (await ServeAsync(content, address => Picture.OfAsync(MediaTool.Input(address), copy.FrameAt, cancellation))).Answer,
        },
        cancellation);

    /// <param name="read">Is told the file's path where it lies on this machine.</param>
    private async Task<T> ReadAsync<T>(Source source, string path, Func<Stream, string?, Task<T>> read, CancellationToken cancellation)
    {
        await using var connector = connectors.Connect(source);
        await using var content = await Task.Run(async () => await connector.OpenAsync(path, cancellation), cancellation);
        return await read(content, source.Protocol == "local" && Path.Join(source.Path, path) is var local && File.Exists(local) ? local : null);
    }

    private async Task<(T Answer, long Bytes)> ServeAsync<T>(Stream content, Func<Uri, Task<T>> look)
    {
        using var served = endpoint.Serve(content);
        try
        {
            return (await look(served.Address), served.Bytes);
        }
        catch (ProbeFault) when (served.Fault is { } fault)
        {
            throw fault;
        }
    }

    /// <summary>How good the copy is: what was measured, and from its name what nobody can measure.</summary>
    public QualityMetrics Judge(AnalysisCandidate copy, MediaMeasures? measures) => QualityMetrics.Of(detector.Detect(copy.Path).Fields, measures, copy.Size);
}

/// <summary>What a look into a file found.</summary>
/// <param name="Measures">Of a film or of sound.</param>
/// <param name="Contents">Of a file that holds others.</param>
/// <param name="Bytes">Bytes read over the network; null for a file of this machine.</param>
public sealed record Findings(MediaMeasures? Measures, FileContents? Contents, long? Bytes);
