using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metadata;

/// <summary>Whom to ask about works, and with which keys.</summary>
[SettingsSection("Catalogizer:Metadata")]
public sealed class MetadataOptions : IValidatableObject
{
    public ProviderOptions Tmdb { get; } = new();

    public ProviderOptions MusicBrainz { get; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Check(Tmdb, nameof(Tmdb)).Concat(Check(MusicBrainz, nameof(MusicBrainz)));

    private static IEnumerable<ValidationResult> Check(ProviderOptions provider, string name)
    {
        foreach (var (address, property) in new[] { (provider.BaseAddress, nameof(provider.BaseAddress)), (provider.ImageBaseAddress, nameof(provider.ImageBaseAddress)) })
        {
            if (address is not null && (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https")))
            {
                yield return new ValidationResult("It must be a whole address that begins with http:// or https://.", [$"{name}:{property}"]);
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
