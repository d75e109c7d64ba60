namespace Catalogizer.Domain.Accounts;

/// <summary>
/// Who asks a service for something: a signed-in person, or the product itself. Services demand the permission they
/// need from it, so that a forgotten check at a page or an endpoint opens nothing.
/// </summary>
/// <param name="UserId">Null for the product's own work.</param>
/// <param name="Address">Where the request came from, for the audit log; null when it came from this machine's console or a job.</param>
public sealed record Actor(long? UserId, string Name, IReadOnlyCollection<string> Permissions, string? Address = null)
{
    /// <summary>The product itself: jobs, the command line, start-up.</summary>
    public static Actor System { get; } = new(null, "system", Permission.All);

    /// <summary>The browser session that it acts in; null for access tokens, keys and the product itself.</summary>
    public string? Session { get; init; }

    public bool HasPermission(string permission) => Permissions.Contains(permission);

    /// <exception cref="PermissionDeniedException">The permission is not among the actor's.</exception>
    public void Require(string permission)
    {
        if (!HasPermission(permission))
        {
            throw new PermissionDeniedException(permission);
        }
    }

    /// <summary>
    /// The own account, for what a person does to it. That takes a browser that is signed in: a token or key that leaked must not be
    /// enough to take the account over.
    /// </summary>
    /// <exception cref="PermissionDeniedException">The actor is no person in a browser.</exception>
    internal long RequireOwnAccount() => Session is not null && UserId is { } id ? id : throw new PermissionDeniedException("a signed-in browser");
}

/// <summary>Somebody asked for something that their permissions do not cover.</summary>
public sealed class PermissionDeniedException(string permission) : Exception($"This needs the permission '{permission}'.")
{
    public string Permission { get; } = permission;
}
