using Microsoft.AspNetCore.Identity;

namespace Catalogizer.Domain.Accounts;

/// <summary>A person's account. What it may do comes from its role and its extra grants.</summary>
public sealed class User : IdentityUser<long>
{
    public Role Role { get; set; } = Role.Viewer;

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>A disabled account keeps everything that belongs to it and cannot sign in.</summary>
    public bool Disabled { get; set; }
}

/// <summary>One refresh token of the API; only its hash is kept, and it is good for one use.</summary>
public sealed class RefreshToken
{
    public long Id { get; set; }

    public long UserId { get; set; }

    /// <summary>SHA-256 of the token, in lower-case hex.</summary>
    public required string Hash { get; set; }

    /// <summary>All tokens that descend from one sign-in; reuse of a spent one ends the whole family.</summary>
    public required string Family { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? SpentAt { get; set; }
}
