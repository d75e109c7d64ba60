namespace Catalogizer.Domain.Catalog;

/// <summary>
/// The caller of a service: a signed-in user, or the application itself. Services require the permission they need from
/// it, so that a check forgotten in a page or an endpoint grants no access.
/// </summary>
/// <param name="UserId">Null for the application itself.</param>
/// <param name="Address">The network address of the request, for the audit log; null for the command line and jobs.</param>
public sealed record Actor(long? UserId, string Name, IReadOnlyCollection<string> Permissions, string? Address = null)
{
    /// <summary>The application itself: jobs, the command line, start-up.</summary>
    public static Actor System { get; } = new(null, "system", Permission.All);

    /// <summary>The actor's browser session; null for access tokens, API keys and the application itself.</summary>
    public string? Session { get; init; }

    public bool HasPermission(string permission) => Permissions.Contains(permission);

    /// <exception cref="PermissionDeniedException">The actor does not have the permission.</exception>
    public void Require(string permission)
    {
        if (!HasPermission(permission))
        {
            throw new PermissionDeniedException(permission);
        }
    }

    /// <summary>
    /// Returns the actor's user id, for changes to the own account. These require a signed-in browser: a leaked token or key must not
    /// be enough to take over the account.
    /// </summary>
    /// <exception cref="PermissionDeniedException">The actor is not a user in a signed-in browser.</exception>
    internal long RequireOwnAccount() => Session is not null && UserId is { } id ? id : throw new PermissionDeniedException("a signed-in browser");
}

/// <summary>The actor lacks a required permission.</summary>
public sealed class PermissionDeniedException(string permission) : Exception($"This needs the permission '{permission}'.")
{
    public string Permission { get; } = permission;
}
