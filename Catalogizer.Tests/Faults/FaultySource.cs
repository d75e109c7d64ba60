using Catalogizer.Domain.Common;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Local;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Catalogizer.Tests.Faults;

/// <summary>A real protocol with errors where a test wants them.</summary>
/// <param name="protocol">The type of the real protocol; null for the local one.</param>
internal sealed class FaultySource(Type? protocol = null) : ISourceProtocol
{
    private ISourceProtocol _inner = null!;

    /// <summary>Called before a folder is listed or its time is read; an exception thrown here becomes the source's response.</summary>
    public Action<string> BeforeAccess { get; set; } = _ => { };

    /// <summary>Awaited before a folder is listed.</summary>
    public Func<CancellationToken, Task> BeforeList { get; set; } = _ => Task.CompletedTask;

    /// <summary>Changes a listing before it is returned.</summary>
    public Func<string, FolderContent, FolderContent> TransformListing { get; set; } = (_, content) => content;

    public string Name => _inner.Name;

    /// <summary>Replaces all registered protocols.</summary>
    public void Register(IServiceCollection services) => services.RemoveAll<ISourceProtocol>().AddSingleton<ISourceProtocol>(provider =>
    {
        _inner = (ISourceProtocol)ActivatorUtilities.CreateInstance(provider, protocol ?? typeof(LocalProtocol));
        return this;
    });

    public IEnumerable<Error> Validate(SourceDraft draft) => _inner.Validate(draft);

    public void Apply(SourceDraft draft, Source source) => _inner.Apply(draft, source);

    public ISourceConnector Connect(Source source) => new Connector(this, _inner.Connect(source));

    public string GetLocation(Source source) => _inner.GetLocation(source);

    private sealed class Connector(FaultySource source, ISourceConnector inner) : ISourceConnector
    {
        public bool ListsFolderTimes => inner.ListsFolderTimes;

        public async ValueTask<FolderContent> ListAsync(string folder, CancellationToken cancellation)
        {
            source.BeforeAccess(folder);
            await source.BeforeList(cancellation);
            return source.TransformListing(folder, await inner.ListAsync(folder, cancellation));
        }

        public ValueTask<long> GetModifiedAtAsync(string folder, CancellationToken cancellation)
        {
            source.BeforeAccess(folder);
            return inner.GetModifiedAtAsync(folder, cancellation);
        }

        public ValueTask<Stream> OpenAsync(string path, CancellationToken cancellation) => inner.OpenAsync(path, cancellation);

        public ValueTask<SourceSpace?> GetSpaceAsync(CancellationToken cancellation) => inner.GetSpaceAsync(cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
