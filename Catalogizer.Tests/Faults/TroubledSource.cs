using Catalogizer.Domain.Common;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Catalogizer.Tests.Faults;

/// <summary>The real local protocol, with trouble where a test wants it.</summary>
internal sealed class TroubledSource : ISourceProtocol
{
    private readonly LocalProtocol _local = new();

    /// <summary>Called before a folder is listed or asked for its time; what it throws is what the source answers.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>What a listing becomes on its way.</summary>
    public Func<string, FolderContent, FolderContent> Listed { get; set; } = (_, content) => content;

    public string Name => _local.Name;

    /// <summary>Puts it in the place of the local protocol.</summary>
    public void Replace(IServiceCollection services) => services.RemoveAll<ISourceProtocol>().AddSingleton<ISourceProtocol>(this);

    public IEnumerable<Error> Validate(SourceDraft draft) => _local.Validate(draft);

    public void Apply(SourceDraft draft, Source source) => _local.Apply(draft, source);

    public ISourceConnector Connect(Source source) => new Connector(this, _local.Connect(source));

    public string Place(Source source) => _local.Place(source);

    private sealed class Connector(TroubledSource trouble, ISourceConnector local) : ISourceConnector
    {
        public async ValueTask<FolderContent> ListAsync(string folder, CancellationToken cancellation)
        {
            trouble.Before(folder);
            return trouble.Listed(folder, await local.ListAsync(folder, cancellation));
        }

        public ValueTask<long> ModifiedAsync(string folder, CancellationToken cancellation)
        {
            trouble.Before(folder);
            return local.ModifiedAsync(folder, cancellation);
        }

        public ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation) => local.OpenAsync(path, cancellation);

        public ValueTask<SourceSpace?> SpaceAsync(CancellationToken cancellation) => local.SpaceAsync(cancellation);

        public ValueTask DisposeAsync() => local.DisposeAsync();
    }
}
