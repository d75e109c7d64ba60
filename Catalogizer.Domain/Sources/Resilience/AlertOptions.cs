using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>Who is told that a source went away or is back, besides those who have a page open.</summary>
[SettingsSection("Catalogizer:Alerts")]
public sealed class AlertOptions : IValidatableObject
{
    /// <summary>An http or https address that each alert is posted to. Default: none.</summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>What alerts are signed with, so that the receiver can tell them from others'. Default: they are not signed.</summary>
    public string? WebhookSecret { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (WebhookUrl is not null && (!WebhookUrl.IsAbsoluteUri || WebhookUrl.Scheme is not ("http" or "https")))
        {
            yield return new ValidationResult("It must be a whole address that begins with http:// or https://.", [nameof(WebhookUrl)]);
        }
    }
}
