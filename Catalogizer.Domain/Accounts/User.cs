using Catalogizer.Domain.Catalog;
using Microsoft.AspNetCore.Identity;

namespace Catalogizer.Domain.Accounts;

/// <summary>A user account. Its permissions come from its role and its extra grants.</summary>
public sealed class User : IdentityUser<long>
{
    public Role Role { get; set; } = Role.Viewer;

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>A disabled account cannot sign in, but its data stays.</summary>
    public bool Disabled { get; set; }
}

/// <summary>A refresh token of the API, valid for one use. Only its hash is stored.</summary>
public sealed class RefreshToken
{
    public long Id { get; set; }

    public long UserId { get; set; }

    /// <summary>SHA-256 of the token, in lower-case hex.</summary>
    public required string Hash { get; set; }

    /// <summary>The same for all tokens that descend from one sign-in; reuse of a spent one ends the whole family.</summary>
    public required string Family { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? SpentAt { get; set; }
}
