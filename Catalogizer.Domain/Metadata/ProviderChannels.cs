using Catalogizer.Domain.Events;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Domain.Metadata;

/// <summary>Makes the channel to each provider, logs each outage once and announces each change of a provider's state.</summary>
public sealed class ProviderChannels(ProviderSettings settings, ProviderHttp http, AnswerCache cache, EventStreamer events, TimeProvider time, ILogger<ProviderChannels> logger)
{
    internal ProviderChannel For(ProviderProfile profile)
    {
        string? logged = null;
        return new ProviderChannel(profile, settings.SetupOf(profile.Name), http, cache, time, outcome =>
        {
            var fault = outcome.TroubledSince is null ? null : outcome.LastFault;
            if (fault is not null && Interlocked.Exchange(ref logged, fault) != fault)
            {
                logger.LogError("{Provider} could not be asked: {Why}", profile.Title, fault);
            }
            else if (fault is null && Interlocked.Exchange(ref logged, null) is not null)
            {
                logger.LogInformation("{Provider} answers again", profile.Title);
            }

            events.Publish(new ProviderChanged(profile.Name));
        });
    }
}
