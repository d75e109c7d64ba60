using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metadata;

/// <summary>A provider cannot be called now; stored metadata stay unchanged.</summary>
public sealed record ProviderUnavailable(string Reason) : UnavailableError($"{Reason} Nothing was changed; try again later.");

/// <summary>No provider for this kind of item is on.</summary>
public sealed record NoProviderEnabled() : ConflictError("No metadata provider that knows works of this kind is on. An admin turns one on under Providers.");
