namespace Catalogizer.Domain.Sources;

/// <summary>Stands for a source that was given up: what is on it stays in the catalogue, and nothing of it is read.</summary>
internal sealed class ArchivedConnector(string name) : ISourceConnector
{
    public ValueTask<FolderContent> ListAsync(string folder, CancellationToken cancellation) => throw Archived();

    public ValueTask<long> ModifiedAsync(string folder, CancellationToken cancellation) => throw Archived();

    public ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation) => throw Archived();

    public ValueTask<SourceSpace?> SpaceAsync(CancellationToken cancellation) => throw Archived();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private SourceFault Archived() => new(SourceFaultKind.Forbidden, SourceErrors.Archived(name).Message) { IsOfSource = true };
}
