using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Metadata;

/// <summary>A provider cannot be asked just now; what is kept stays.</summary>
public sealed record ProviderUnavailable(string Reason) : Error($"{Reason} Nothing was changed; try again later.");

/// <summary>Nobody is on who could be asked about such a work.</summary>
public sealed record NoProviderEnabled() : Error("No metadata provider that knows works of this kind is on. An admin turns one on under Providers.");
