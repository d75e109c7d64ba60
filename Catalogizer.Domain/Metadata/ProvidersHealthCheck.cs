using Catalogizer.Domain.Operations.Health;

namespace Catalogizer.Domain.Metadata;

/// <summary>Whether the providers that are on respond.</summary>
internal sealed class ProvidersHealthCheck(ProviderManager providers)
{
    private IEnumerable<IMetadataProvider> Enabled => providers.All.Where(p => p.Status.IsEnabled);

    public CheckResult Check()
    {
        var parts = Enabled.Select(p => (p.Status.State, Part: CreatePart(p))).ToList();
        var failing = parts.FindAll(p => !p.Part.Ok).ConvertAll(p => p.Part.Name);
        var untried = parts.FindAll(p => p.State == ProviderState.NotTried).ConvertAll(p => p.Part.Name);
        var message = parts.Count == 0 ? "No metadata provider is on."
            : failing.Count > 0 ? $"The last call failed: {string.Join(", ", failing)}."
            : untried.Count > 0 ? $"Not tried yet: {string.Join(", ", untried)}."
            : "Every metadata provider that is on answered when last asked.";
        return new CheckResult(failing.Count == 0, message) { Parts = parts.ConvertAll(p => p.Part) };
    }

    /// <summary>Calls providers again whose last call failed, once no pause or open circuit prevents it.</summary>
    public Task RetryAsync(CancellationToken cancellation) =>
        Task.WhenAll(Enabled.Where(p => p is { Status: { IsFailing: true, RetryAt: null }, Channel: not null }).Select(p => TryRetryAsync(p.Channel!, cancellation)));

    private static async Task TryRetryAsync(ProviderChannel channel, CancellationToken cancellation)
    {
        try
        {
            await channel.RetryAsync(cancellation);
        }
        catch (ProviderException)
        {
            // The channel has recorded the error, which was the purpose of the call.
        }
    }

    private static HealthPart CreatePart(IMetadataProvider provider)
    {
        var status = provider.Status;
        var message = status switch
        {
            { State: ProviderState.NotTried } => "Not tried yet.",
            { State: ProviderState.RateLimited } => "It asked for a pause.",
            { LastError: { } error } => error,
            { State: ProviderState.CircuitOpen } => "It failed several times.",
            { AnsweredAt: null } => "Its data are here.",
            _ => "It answered when last asked.",
        };
        return new HealthPart(provider.Profile.Title, !status.IsFailing, message, status.AnsweredAt, status.IsFailing ? status.FailedAt : null, status.RetryAt);
    }
}
