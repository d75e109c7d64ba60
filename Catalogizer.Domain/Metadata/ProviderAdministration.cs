using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Metadata.Imdb;

namespace Catalogizer.Domain.Metadata;

/// <summary>What an admin sees of the providers and sets for them. Keys go in and never come out.</summary>
public sealed class ProviderAdministration(ProviderManager providers, ProviderSettings settings, IImdbTitles imdb, AuditLog audit, TimeProvider time)
{
    /// <summary>How long saving waits for the provider's answer; one that is slower shows by itself.</summary>
    private static readonly TimeSpan TrialLimit = TimeSpan.FromSeconds(5);

    private const int LongestKey = 2000;
    private const int LongestPlace = 1000;

    public IReadOnlyList<ProviderView> List(Actor actor)
    {
        actor.Require(Permission.MetadataManage);
        return [.. providers.All.Select(View)];
    }

    /// <summary>The kinds of work that are looked up, each with the names of its providers in the order they are asked.</summary>
    public IReadOnlyList<(MediaKind Kind, IReadOnlyList<string> Names)> Orders(Actor actor)
    {
        actor.Require(Permission.MetadataManage);
        return [.. providers.Orders.Select(o => (o.Kind, (IReadOnlyList<string>)[.. o.Providers.Select(p => p.Profile.Name)]))];
    }

    /// <summary>Changes what is set for a provider; it holds from the next question on. One that is on is tried, and how it stands says what came of that.</summary>
    public async Task<Result<ProviderView>> SaveAsync(Actor actor, string name, ProviderDraft draft, CancellationToken cancellation)
    {
        actor.Require(Permission.MetadataManage);
        if (providers.Find(name) is not { } provider)
        {
            return new NotFoundError("There is no such provider.");
        }

        if (Wrong(provider, draft) is { } wrong)
        {
            return wrong;
        }

        var before = settings.ChoiceOf(provider.Profile.Name);
        var choice = before with
        {
            Enabled = draft.Enabled ?? before.Enabled,
            Language = draft.Language is { } language ? (language.Length == 0 ? null : language) : before.Language,
            Place = draft.Place is { } place ? (string.IsNullOrWhiteSpace(place) ? null : new Uri(place.Trim()).AbsoluteUri) : before.Place,
            SealedKey = draft.RemoveKey ? null : string.IsNullOrWhiteSpace(draft.ApiKey) ? before.SealedKey : settings.Seal(draft.ApiKey.Trim()),
        };
        await settings.SaveAsync(provider.Profile.Name, choice, audit.CreateEntry(actor, "providers.change", $"provider:{provider.Profile.Name}", Told(before), Told(choice)), cancellation);
        if (provider.Channel is { } channel)
        {
            channel.Use(settings.SetupOf(provider.Profile.Name));
            if (provider.Standing.IsOn)
            {
                await TrySavedAsync(channel, cancellation);
            }
        }

        return View(provider);
    }

    /// <summary>Sets the order in which providers are asked about a kind of work.</summary>
    public async Task<Error?> SetOrderAsync(Actor actor, MediaKind kind, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        actor.Require(Permission.MetadataManage);
        var before = providers.Orders.FirstOrDefault(o => o.Kind == kind).Providers?.Select(p => p.Profile.Name).ToList() ?? [];
        if (!names.Order(StringComparer.Ordinal).SequenceEqual(before.Order(StringComparer.Ordinal)))
        {
            return new InvalidError("order", "Name each provider of this kind of work once.");
        }

        await settings.SaveOrderAsync(kind, names, audit.CreateEntry(actor, "providers.order", $"kind:{kind.ToApiName()}", before, names), cancellation);
        return null;
    }

    /// <summary>Asks a provider something small, whether it is on or not; null when it answers and takes the key.</summary>
    public async Task<Error?> TryAsync(Actor actor, string name, CancellationToken cancellation)
    {
        actor.Require(Permission.MetadataManage);
        if (providers.Find(name) is not { Channel: { } channel } provider)
        {
            return new NotFoundError("There is nothing to ask there.");
        }

        if (provider.Profile.NeedsKey && !settings.KeyOf(provider.Profile.Name).IsSet)
        {
            return new InvalidError("apiKey", $"{provider.Profile.Title} wants a key first.");
        }

        try
        {
            await channel.TryAsync(cancellation);
            return null;
        }
        catch (ProviderFault fault)
        {
            return new ProviderAway(fault.Message);
        }
    }

    private async Task TrySavedAsync(ProviderChannel channel, CancellationToken cancellation)
    {
        try
        {
            await channel.TryAsync(cancellation).WaitAsync(TrialLimit, time, cancellation);
        }
        catch (Exception exception) when (exception is ProviderFault or TimeoutException)
        {
            // The settings are saved in any case; how the provider stands says the rest.
        }
    }

    private static InvalidError? Wrong(IMetadataProvider provider, ProviderDraft draft)
    {
        if (draft.ApiKey is { Length: > LongestKey } || draft.ApiKey?.Any(char.IsControl) == true)
        {
            return new InvalidError("apiKey", "This is no key: it is too long or has signs that no key has.");
        }

        if (draft.Language is { Length: > 0 } language && !Languages.IsOne(language))
        {
            return new InvalidError("language", "Give two letters such as de, or with a country such as pt-BR.");
        }

        if (draft.Place is not { } place || string.IsNullOrWhiteSpace(place))
        {
            return null;
        }

        return provider.Channel is not null ? new InvalidError("place", "The address of this provider is set in the settings.")
            : place.Length > LongestPlace || !Uri.TryCreate(place.Trim(), UriKind.Absolute, out var address) || !(address.IsFile || address.Scheme is "http" or "https") ? new InvalidError("place", "Give the whole path of a folder on this machine, or an address that begins with http:// or https://.")
            : null;
    }

    private ProviderView View(IMetadataProvider provider)
    {
        var name = provider.Profile.Name;
        var (setup, key) = (settings.SetupOf(name), settings.KeyOf(name));
        return new ProviderView(
            provider.Profile,
            provider.Standing,
            setup.Enabled ?? (provider.Profile.NeedsKey ? key.IsSet : provider.Channel is null && setup.BaseAddress is not null),
            key.IsSet,
            key.OnPage,
            settings.ChoiceOf(name).Language ?? "",
            settings.DefaultLanguage,
            provider.Channel is null,
            provider.Channel is null ? setup.BaseAddress : null,
            provider.Channel is null ? imdb.Stock : null,
            [.. Enum.GetValues<MediaKind>().Where(provider.Covers)]);
    }

    private static object Told(ProviderChoice choice) => new { choice.Enabled, choice.Language, choice.Place, Key = choice.SealedKey is null ? "none" : "set" };
}

/// <summary>What is to change; null leaves it as it is.</summary>
/// <param name="ApiKey">Empty leaves the key that is there.</param>
/// <param name="Language">Empty: that of the settings.</param>
/// <param name="Place">Empty: that of the settings.</param>
public sealed record ProviderDraft(bool? Enabled = null, string? ApiKey = null, bool RemoveKey = false, string? Language = null, string? Place = null);

/// <summary>A provider as its page shows it.</summary>
/// <param name="IsWanted">Whether it is switched on, which is not to say that it can be asked.</param>
/// <param name="KeyOnPage">Whether the key was set on the page, where it can be removed.</param>
/// <param name="Language">Empty: that of the settings.</param>
/// <param name="IsImported">Whether its data are imported rather than asked for.</param>
public sealed record ProviderView(
    ProviderProfile Profile, ProviderStanding Standing, bool IsWanted, bool HasKey, bool KeyOnPage, string Language, string DefaultLanguage, bool IsImported, Uri? Place, ImdbStock? Stock, IReadOnlyList<MediaKind> Kinds);
