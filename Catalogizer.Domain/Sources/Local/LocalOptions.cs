using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Sources.Local;

/// <summary>Which folders of this server may be sources.</summary>
[SettingsSection("Catalogizer")]
public sealed class LocalOptions : IValidatableObject
{
    /// <summary>Absolute folders that local sources must be or lie in. Default: none, which allows every folder except Catalogizer's own.</summary>
    public IList<string> LocalRoots { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => LocalRoots
        .Where(root => !Path.IsPathRooted(root) || root.Contains('\0'))
        .Select(root => new ValidationResult($"“{root}” is not an absolute folder. Write it as /media/films.", [nameof(LocalRoots)]));
}
