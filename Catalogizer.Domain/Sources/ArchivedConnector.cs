namespace Catalogizer.Domain.Sources;

/// <summary>Stands for a source that was given up: what is on it stays in the catalogue, and nothing of it is read.</summary>
internal sealed class ArchivedConnector(string name) : ISourceConnector
{
    public ValueTask<FolderContent> ListAsync(string folder, CancellationToken cancellation) => throw CreateException();

    public ValueTask<long> GetModifiedAtAsync(string folder, CancellationToken cancellation) => throw CreateException();

    public ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation) => throw CreateException();

    public ValueTask<SourceSpace?> GetSpaceAsync(CancellationToken cancellation) => throw CreateException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private SourceException CreateException() => new(SourceErrorKind.Forbidden, SourceErrors.Archived(name).Message) { IsSourceWide = true };
}
