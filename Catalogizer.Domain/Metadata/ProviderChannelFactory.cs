using Catalogizer.Domain.Events;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata;

/// <summary>Creates the channel of each provider, logs each outage once and publishes each change of a provider's state.</summary>
public sealed class ProviderChannelFactory(ProviderSettings settings, ProviderHttpClients http, ProviderResponseCache cache, EventStreamer events, TimeProvider time, ILogger<ProviderChannelFactory> logger)
{
    internal ProviderChannel Create(ProviderProfile profile)
    {
        string? logged = null;
        return new ProviderChannel(profile, settings.ConfigurationFor(profile.Name), http, cache, time, outcome =>
        {
            var error = outcome.FailingSince is null ? null : outcome.LastError;
            if (error is not null && Interlocked.Exchange(ref logged, error) != error)
            {
                logger.LogError("{Provider} could not be asked: {Why}", profile.Title, error);
            }
            else if (error is null && Interlocked.Exchange(ref logged, null) is not null)
            {
                logger.LogInformation("{Provider} answers again", profile.Title);
            }

            events.Publish(new ProviderChanged(profile.Name));
        });
    }
}
