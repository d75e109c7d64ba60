using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metadata;

/// <summary>Metadata providers and their keys. What an admin sets on the page overrides these settings.</summary>
[SettingsSection("Catalogizer:Metadata")]
public sealed class MetadataOptions : IValidatableObject
{
    /// <summary>Language in which titles and descriptions are requested: two letters, with or without a country. Default: en.</summary>
    [RegularExpression(Languages.Pattern, ErrorMessage = "It must be two letters such as de, or with a country such as pt-BR.")]
    public string Language { get; set; } = "en";

    public ProviderOptions Tmdb { get; } = new();

    public ProviderOptions Tvdb { get; } = new();

    public ProviderOptions Omdb { get; } = new();

    /// <summary>Its BaseAddress is the folder or address of IMDb's data files.</summary>
    public ProviderOptions Imdb { get; } = new();

    public ProviderOptions MusicBrainz { get; } = new();

    public ProviderOptions Spotify { get; } = new();

    public ProviderOptions Steam { get; } = new();

    /// <summary>A provider's settings by its name, ignoring case.</summary>
    public ProviderOptions For(string name) => ListProviders().Single(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Provider;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => ListProviders().SelectMany(p => ValidateAddresses(p.Provider, p.Name));

    private IEnumerable<(string Name, ProviderOptions Provider)> ListProviders() =>
        [(nameof(Tmdb), Tmdb), (nameof(Tvdb), Tvdb), (nameof(Omdb), Omdb), (nameof(Imdb), Imdb), (nameof(MusicBrainz), MusicBrainz), (nameof(Spotify), Spotify), (nameof(Steam), Steam)];

    private static IEnumerable<ValidationResult> ValidateAddresses(ProviderOptions provider, string name)
    {
        foreach (var (address, property) in new[] { (provider.BaseAddress, nameof(provider.BaseAddress)), (provider.ImageBaseAddress, nameof(provider.ImageBaseAddress)) })
        {
            var canBeFolder = name == nameof(Imdb) && property == nameof(provider.BaseAddress);
            if (address is not null && (!address.IsAbsoluteUri || !(address.Scheme is "http" or "https" || (canBeFolder && address.IsFile))))
            {
                yield return new ValidationResult(
                    canBeFolder ? "It must be a whole path of a folder, or a whole address that begins with http:// or https://." : "It must be a whole address that begins with http:// or https://.", [$"{name}:{property}"]);
            }
        }
    }
}

/// <summary>One provider's settings.</summary>
public sealed class ProviderOptions
{
    /// <summary>Whether the provider is used. Default: if it has a key or, for IMDb, a BaseAddress; other providers without keys are off.</summary>
    public bool? Enabled { get; set; }

    /// <summary>Address of its API, including the version. Default: the provider's own address.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Address of its images. Default: the provider's own address.</summary>
    public Uri? ImageBaseAddress { get; set; }

    /// <summary>The owner's key. Default: none.</summary>
    public string? ApiKey { get; set; }
}
