using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Metadata.Imdb;
using Catalogizer.Domain.Metadata.MusicBrainz;
using Catalogizer.Domain.Metadata.Omdb;
using Catalogizer.Domain.Metadata.Spotify;
using Catalogizer.Domain.Metadata.Steam;
using Catalogizer.Domain.Metadata.Tmdb;
using Catalogizer.Domain.Metadata.Tvdb;

namespace Catalogizer.Domain.Metadata;

/// <summary>The providers in order of priority, each with a separate channel, so that a failing one does not delay the others.</summary>
public sealed class ProviderManager : IDisposable
{
    private readonly ProviderSettings _settings;
    private readonly List<IMetadataProvider> _providers;

    public ProviderManager(ProviderSettings settings, ProviderChannelFactory channels, IImdbTitleStore titles, TimeProvider time)
    {
        _settings = settings;
        _providers =
        [
            new TmdbProvider(channels.Create(TmdbProvider.Definition)),
            new TvdbProvider(channels.Create(TvdbProvider.Definition), time),
            new OmdbProvider(channels.Create(OmdbProvider.Definition)),
            new ImdbProvider(titles, settings, time),
            new MusicBrainzProvider(channels.Create(MusicBrainzProvider.Definition)),
            new SpotifyProvider(channels.Create(SpotifyProvider.Definition), time),
            new SteamProvider(channels.Create(SteamProvider.Definition)),
        ];
    }

    public IReadOnlyList<IMetadataProvider> All => _providers;

    /// <summary>The kinds of item that any provider supports, each with its providers in order of priority, on or off.</summary>
    public IReadOnlyList<(MediaKind Kind, IReadOnlyList<IMetadataProvider> Providers)> ProvidersByKind =>
        [.. Enum.GetValues<MediaKind>().Select(kind => (kind, ByPriority(kind))).Where(o => o.Item2.Count > 0)];

    /// <summary>The providers that are on and support a kind of item, in order of priority.</summary>
    public IEnumerable<IMetadataProvider> For(MediaKind kind) => ByPriority(kind).Where(p => p.Status.IsEnabled);

    /// <summary>A provider by its name, on or off; null when there is none.</summary>
    public IMetadataProvider? Find(string? name) => _providers.FirstOrDefault(p => p.Profile.Name.Equals(name?.Trim(), StringComparison.OrdinalIgnoreCase));

    public void Dispose() => _providers.ForEach(p => p.Channel?.Dispose());

    private IReadOnlyList<IMetadataProvider> ByPriority(MediaKind kind)
    {
        var order = _settings.OrderFor(kind);
        int GetPosition(IMetadataProvider provider) => order.Select((name, at) => (name, at)).Where(o => o.name == provider.Profile.Name).Select(o => o.at).DefaultIfEmpty(order.Count).First();
        return [.. _providers.Where(p => p.Supports(kind)).OrderBy(GetPosition)];
    }
}
