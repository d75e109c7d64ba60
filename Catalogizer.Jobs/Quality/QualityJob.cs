using Catalogizer.Domain.Common;
using Catalogizer.Domain.Quality;

namespace Catalogizer.Jobs.Quality;

/// <summary>Analyses the versions that have not been analysed yet.</summary>
public sealed class QualityJob(QualityAnalysis analysis) : IBackgroundJob
{
    public static string Name => "quality";

    public Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation) => analysis.RunAsync(progress, cancellation);
}
