using Catalogizer.Domain.Health;

namespace Catalogizer.Domain.Metadata;

/// <summary>Whether the providers that are on answer.</summary>
internal sealed class ProvidersAnswer(ProviderManager providers)
{
    private IEnumerable<IMetadataProvider> On => providers.All.Where(p => p.Standing.IsOn);

    public HealthAnswer Look()
    {
        var parts = On.Select(p => (p.Standing.State, Part: Part(p))).ToList();
        var failing = parts.FindAll(p => !p.Part.Ok).ConvertAll(p => p.Part.Name);
        var untried = parts.FindAll(p => p.State == ProviderState.NotTried).ConvertAll(p => p.Part.Name);
        var words = parts.Count == 0 ? "No metadata provider is on."
            : failing.Count > 0 ? $"The last call failed: {string.Join(", ", failing)}."
            : untried.Count > 0 ? $"Not tried yet: {string.Join(", ", untried)}."
            : "Every metadata provider that is on answered when last asked.";
        return new HealthAnswer(failing.Count == 0, words) { Parts = parts.ConvertAll(p => p.Part) };
    }

    /// <summary>Tries those whose last call failed, once nothing keeps them from being asked.</summary>
    public Task RetryAsync(CancellationToken cancellation) =>
        Task.WhenAll(On.Where(p => p is { Standing: { IsFailing: true, Until: null }, Channel: not null }).Select(p => TryAsync(p.Channel!, cancellation)));

    private static async Task TryAsync(ProviderChannel channel, CancellationToken cancellation)
    {
        try
        {
            await channel.RetryAsync(cancellation);
        }
        catch (ProviderFault)
        {
            // The channel keeps what went wrong, which is what it was asked for.
        }
    }

    private static HealthPart Part(IMetadataProvider provider)
    {
        var standing = provider.Standing;
        var words = standing switch
        {
            { State: ProviderState.NotTried } => "Not tried yet.",
            { State: ProviderState.Waiting } => "It asked for a pause.",
            { LastFault: { } fault } => fault,
            { State: ProviderState.Interrupted } => "It failed several times.",
            { AnsweredAt: null } => "Its data are here.",
            _ => "It answered when last asked.",
        };
        return new HealthPart(provider.Profile.Title, !standing.IsFailing, words, standing.AnsweredAt, standing.IsFailing ? standing.FailedAt : null, standing.Until);
    }
}
