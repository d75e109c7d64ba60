using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata.Artworks;

namespace Catalogizer.Jobs.Metadata;

/// <summary>Imports the artwork that comes with the media.</summary>
public sealed class PicturesJob(LocalArtwork artwork) : IBackgroundJob
{
    public static string Name => "pictures";

    public async Task<string> RunAsync(string argument, IProgress<ProgressUpdate> progress, CancellationToken cancellation) =>
        await artwork.RunAsync(progress, cancellation) ?? "A first scan is under way; pictures are taken after it.";
}
