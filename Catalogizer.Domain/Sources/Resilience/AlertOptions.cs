using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources.Resilience;

/// <summary>The webhook that receives source and health alerts, in addition to the open pages.</summary>
[SettingsSection("Catalogizer:Alerts")]
public sealed class AlertOptions : IValidatableObject
{
    /// <summary>An http or https URL that each alert is posted to. Default: none.</summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>The key that alerts are signed with, so that the receiver can verify where they come from. Default: none, alerts are not signed.</summary>
    public string? WebhookSecret { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (WebhookUrl is not null && (!WebhookUrl.IsAbsoluteUri || WebhookUrl.Scheme is not ("http" or "https")))
        {
            yield return new ValidationResult("It must be a whole address that begins with http:// or https://.", [nameof(WebhookUrl)]);
        }
    }
}
