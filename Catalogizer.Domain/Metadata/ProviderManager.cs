using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata.MusicBrainz;
using Catalogizer.Domain.Metadata.Tmdb;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Metadata;

/// <summary>The providers in the order they are asked, each behind a channel of its own, so that one that fails holds up no other.</summary>
public sealed class ProviderManager : IDisposable
{
    private readonly List<(IMetadataProvider Provider, ProviderChannel Channel)> _providers;

    public ProviderManager(IOptions<MetadataOptions> options, IProviderAnswers answers, TimeProvider time)
    {
        var tmdb = new ProviderChannel(TmdbProvider.About, options.Value.Tmdb, answers, time);
        var musicBrainz = new ProviderChannel(MusicBrainzProvider.About, options.Value.MusicBrainz, answers, time);
        _providers = [(new TmdbProvider(tmdb), tmdb), (new MusicBrainzProvider(musicBrainz), musicBrainz)];
    }

    /// <summary>Every provider there is, with how it stands.</summary>
    public IEnumerable<ProviderStanding> Standings => _providers.Select(p => new ProviderStanding(p.Provider.Profile, p.Channel.IsOn, p.Channel.State.ToString(), p.Channel.GetRateLimit()));

    /// <summary>The providers that are on and know works of a kind, in order.</summary>
    public IEnumerable<IMetadataProvider> For(MediaKind kind) => _providers.Where(p => p.Channel.IsOn && p.Provider.Covers(kind)).Select(p => p.Provider);

    /// <summary>A provider by its name, on or not; null when there is none.</summary>
    public IMetadataProvider? Find(string? name) => _providers.Select(p => p.Provider).FirstOrDefault(p => p.Profile.Name.Equals(name?.Trim(), StringComparison.OrdinalIgnoreCase));

    public ProviderChannel ChannelOf(IMetadataProvider provider) => _providers.Single(p => p.Provider == provider).Channel;

    public void Dispose() => _providers.ForEach(p => p.Channel.Dispose());
}

/// <summary>A provider and how it stands.</summary>
public sealed record ProviderStanding(ProviderProfile Profile, bool IsOn, string State, RateLimit Rate);
