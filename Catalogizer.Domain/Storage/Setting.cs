
namespace Catalogizer.Domain.Storage;

/// <summary>A value that the program stores for its own use. Row of <c>settings</c>.</summary>
public sealed class Setting
{
    public required string Key { get; set; }

    public required string Value { get; set; }
}
