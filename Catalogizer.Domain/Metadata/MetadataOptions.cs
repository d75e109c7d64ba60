using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metadata;

/// <summary>Whom to ask about works, and with which keys. What an admin sets on the page stands above this.</summary>
[SettingsSection("Catalogizer:Metadata")]
public sealed class MetadataOptions : IValidatableObject
{
    /// <summary>The language that titles and descriptions are asked for in: two letters, with a country or without. Default: en.</summary>
    [RegularExpression(Languages.Pattern, ErrorMessage = "It must be two letters such as de, or with a country such as pt-BR.")]
    public string Language { get; set; } = "en";

    public ProviderOptions Tmdb { get; } = new();

    public ProviderOptions Tvdb { get; } = new();

    public ProviderOptions Omdb { get; } = new();

    /// <summary>Its BaseAddress is the folder or the address where IMDb's data files lie.</summary>
    public ProviderOptions Imdb { get; } = new();

    public ProviderOptions MusicBrainz { get; } = new();

    public ProviderOptions Spotify { get; } = new();

    public ProviderOptions Steam { get; } = new();

    /// <summary>A provider's settings by its name in lower case.</summary>
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
    /// <summary>Whether it is asked. Default: when it has a key; one that needs none is off.</summary>
    public bool? Enabled { get; set; }

    /// <summary>Where it answers, its version part included. Default: the provider's own address.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Where its pictures are fetched. Default: the provider's own address.</summary>
    public Uri? ImageBaseAddress { get; set; }

    /// <summary>The owner's key. Default: none.</summary>
    public string? ApiKey { get; set; }
}
