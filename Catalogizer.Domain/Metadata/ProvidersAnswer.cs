using Catalogizer.Domain.Health;

namespace Catalogizer.Domain.Metadata;

/// <summary>Whether the providers that are on answer. One that fails for a few minutes is no news: works are looked up later.</summary>
internal sealed class ProvidersAnswer(ProviderManager providers, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public HealthAnswer Look()
    {
        var on = providers.All.Where(p => p.Standing.IsOn).ToList();
        var away = on.Where(IsAway).Select(p => $"{p.Profile.Title} ({(p.Standing.LastFault ?? "refuses the key").TrimEnd('.')})").ToList();
        return away.Count > 0 ? new HealthAnswer(false, $"For ten minutes or more without an answer: {string.Join("; ", away)}.")
            : new HealthAnswer(true, on.Count == 0 ? "No metadata provider is on." : "Every metadata provider that is on answered when last asked.");
    }

    private bool IsAway(IMetadataProvider provider) => provider.Standing is { TroubledSince: { } since } && time.GetUtcNow() - since >= Patience;
}
