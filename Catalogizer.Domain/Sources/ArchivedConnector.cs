namespace Catalogizer.Domain.Sources;

/// <summary>The connector of an archived source: its items stay in the catalogue, but its files are not read, so every call throws.</summary>
internal sealed class ArchivedConnector(string name) : ISourceConnector
{
    public ValueTask<FolderContent> ListAsync(string folder, CancellationToken cancellation) => throw CreateException();

    public ValueTask<long> GetModifiedAtAsync(string folder, CancellationToken cancellation) => throw CreateException();

    public ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation) => throw CreateException();

    public ValueTask<SourceSpace?> GetSpaceAsync(CancellationToken cancellation) => throw CreateException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private SourceException CreateException() => new(SourceErrorKind.Forbidden, SourceErrors.Archived(name).Message) { IsSourceWide = true };
}
