using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata.Imdb;

namespace Catalogizer.Jobs.Metadata;

/// <summary>Imports IMDb's data files.</summary>
public sealed class ImdbImportJob(ImdbImport import) : IBackgroundJob
{
    public static string Name => "imdb-import";

    public Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation) => import.RunAsync(progress, cancellation);
}
