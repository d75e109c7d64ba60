using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metadata.Imdb;

namespace Catalogizer.Domain.Metadata;

/// <summary>Providers and their settings, for admins. Keys can be set but are never returned.</summary>
public sealed class ProviderAdministration(ProviderManager providers, ProviderSettings settings, IImdbTitleStore imdb, AuditLog audit, TimeProvider time)
{
    /// <summary>Maximum time that saving waits for the provider's response; the status shows a later one.</summary>
    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(5);

    private const int MaxKeyLength = 2000;
    private const int MaxLocationLength = 1000;

    public IReadOnlyList<ProviderView> List(Actor actor)
    {
        actor.Require(Permission.MetadataManage);
        return [.. providers.All.Select(CreateView)];
    }

    /// <summary>The kinds of item that are looked up, each with the names of its providers in order of priority.</summary>
    public IReadOnlyList<(MediaKind Kind, IReadOnlyList<string> Names)> ListByKind(Actor actor)
    {
        actor.Require(Permission.MetadataManage);
        return [.. providers.ProvidersByKind.Select(o => (o.Kind, (IReadOnlyList<string>)[.. o.Providers.Select(p => p.Profile.Name)]))];
    }

    /// <summary>Saves the settings of a provider, which apply from the next call on. A provider that is on is tested; its status shows the result.</summary>
    public async Task<Result<ProviderView>> SaveAsync(Actor actor, string name, ProviderDraft draft, CancellationToken cancellation)
    {
        actor.Require(Permission.MetadataManage);
        if (providers.Find(name) is not { } provider)
        {
            return new NotFoundError("There is no such provider.");
        }

        if (Validate(provider, draft) is { } error)
        {
            return error;
        }

        var before = settings.OverrideFor(provider.Profile.Name);
        var after = before with
        {
            Enabled = draft.Enabled ?? before.Enabled,
            Language = draft.Language is { } language ? (language.Length == 0 ? null : language) : before.Language,
            Place = draft.Location is { } location ? (string.IsNullOrWhiteSpace(location) ? null : new Uri(location.Trim()).AbsoluteUri) : before.Place,
            SealedKey = draft.RemoveKey ? null : string.IsNullOrWhiteSpace(draft.ApiKey) ? before.SealedKey : settings.Seal(draft.ApiKey.Trim()),
        };
        await settings.SaveAsync(provider.Profile.Name, after, audit.CreateEntry(actor, "providers.change", $"provider:{provider.Profile.Name}", ToAuditValues(before), ToAuditValues(after)), cancellation);
        if (provider.Channel is { } channel)
        {
            channel.Reconfigure(settings.ConfigurationFor(provider.Profile.Name));
            if (provider.Status.IsEnabled)
            {
                await TestSavedAsync(channel, cancellation);
            }
        }

        return CreateView(provider);
    }

    /// <summary>Sets the order in which providers are called for a kind of item.</summary>
    public async Task<Error?> SetOrderAsync(Actor actor, MediaKind kind, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        actor.Require(Permission.MetadataManage);
        var before = providers.ProvidersByKind.FirstOrDefault(o => o.Kind == kind).Providers?.Select(p => p.Profile.Name).ToList() ?? [];
        if (!names.Order(StringComparer.Ordinal).SequenceEqual(before.Order(StringComparer.Ordinal)))
        {
            return new InvalidError("order", "Name each provider of this kind of work once.");
        }

        await settings.SaveOrderAsync(kind, names, audit.CreateEntry(actor, "providers.order", $"kind:{kind.ToApiName()}", before, names), cancellation);
        return null;
    }

    /// <summary>Makes a small call to a provider, whether it is on or not; null when it responds and accepts the key.</summary>
    public async Task<Error?> TestAsync(Actor actor, string name, CancellationToken cancellation)
    {
        actor.Require(Permission.MetadataManage);
        if (providers.Find(name) is not { Channel: { } channel } provider)
        {
            return new NotFoundError("There is nothing to ask there.");
        }

        if (provider.Profile.NeedsKey && !settings.GetKeyState(provider.Profile.Name).IsSet)
        {
            return new InvalidError("apiKey", $"{provider.Profile.Title} wants a key first.");
        }

        try
        {
            await channel.TestAsync(cancellation);
            return null;
        }
        catch (ProviderException exception)
        {
            return new ProviderUnavailable(exception.Message);
        }
    }

    private async Task TestSavedAsync(ProviderChannel channel, CancellationToken cancellation)
    {
        try
        {
            await channel.TestAsync(cancellation).WaitAsync(TestTimeout, time, cancellation);
        }
        catch (Exception exception) when (exception is ProviderException or TimeoutException)
        {
            // The settings are saved in any case; the provider's status shows the failure.
        }
    }

    private static InvalidError? Validate(IMetadataProvider provider, ProviderDraft draft)
    {
        if (draft.ApiKey is { Length: > MaxKeyLength } || draft.ApiKey?.Any(char.IsControl) == true)
        {
            return new InvalidError("apiKey", "This is no key: it is too long or has signs that no key has.");
        }

        if (draft.Language is { Length: > 0 } language && !Languages.IsValid(language))
        {
            return new InvalidError("language", "Give two letters such as de, or with a country such as pt-BR.");
        }

        if (draft.Location is not { } location || string.IsNullOrWhiteSpace(location))
        {
            return null;
        }

        return provider.Channel is not null ? new InvalidError("place", "The address of this provider is set in the settings.")
            : location.Length > MaxLocationLength || !Uri.TryCreate(location.Trim(), UriKind.Absolute, out var address) || !(address.IsFile || address.Scheme is "http" or "https") ? new InvalidError("place", "Give the whole path of a folder on this machine, or an address that begins with http:// or https://.")
            : null;
    }

    private ProviderView CreateView(IMetadataProvider provider)
    {
        var name = provider.Profile.Name;
        var (configuration, key) = (settings.ConfigurationFor(name), settings.GetKeyState(name));
        return new ProviderView(
            provider.Profile,
            provider.Status,
            configuration.Enabled ?? (provider.Profile.NeedsKey ? key.IsSet : provider.Channel is null && configuration.BaseAddress is not null),
            key.IsSet,
            key.OnPage,
            settings.OverrideFor(name).Language ?? "",
            settings.DefaultLanguage,
            provider.Channel is null,
            provider.Channel is null ? configuration.BaseAddress : null,
            provider.Channel is null ? imdb.Dataset : null,
            [.. Enum.GetValues<MediaKind>().Where(provider.Supports)]);
    }

    private static object ToAuditValues(ProviderOverride providerOverride) => new { providerOverride.Enabled, providerOverride.Language, providerOverride.Place, Key = providerOverride.SealedKey is null ? "none" : "set" };
}

/// <summary>A change of settings; null leaves a value unchanged.</summary>
/// <param name="ApiKey">Empty leaves the key unchanged.</param>
/// <param name="Language">Empty: the value in the configuration.</param>
/// <param name="Location">Empty: the value in the configuration.</param>
public sealed record ProviderDraft(bool? Enabled = null, string? ApiKey = null, bool RemoveKey = false, string? Language = null, string? Location = null);

/// <summary>A provider as displayed on its page.</summary>
/// <param name="IsSwitchedOn">Whether it is switched on, which does not mean that it can be called.</param>
/// <param name="IsKeySetOnPage">Whether the key was set on the page, where it can be removed.</param>
/// <param name="Language">Empty: the value in the configuration.</param>
/// <param name="IsImported">Whether its data are imported instead of requested.</param>
public sealed record ProviderView(
    ProviderProfile Profile, ProviderStatus Status, bool IsSwitchedOn, bool HasKey, bool IsKeySetOnPage, string Language, string DefaultLanguage, bool IsImported, Uri? Location, ImdbDataset? Dataset, IReadOnlyList<MediaKind> Kinds);
