using System.Security.Cryptography;
using System.Text;
using Catalogizer.Domain.Catalog;

namespace Catalogizer.Domain.Accounts;

/// <summary>The identity and permissions of a user as currently stored. Cookies and tokens are built from it.</summary>
/// <param name="Stamp">Changes with the password, the role and everything else that must invalidate earlier cookies and tokens.</param>
public sealed record Account(long Id, string Name, Role Role, IReadOnlyList<string> Permissions, string Stamp)
{
    public Actor ToActor(string? address = null) => new(Id, Name, Permissions, address);

    /// <summary>Combines the permissions of the role with the user's extra grants, without duplicates or unknown permissions.</summary>
    internal static Account From(User user, IEnumerable<string> extraGrants) => new(
        user.Id,
        user.UserName!,
        user.Role,
        [.. Permission.For(user.Role).Union(extraGrants.Where(Permission.All.Contains))],
        HashStamp(user));

    // The stored stamp may become key material (two-factor authentication), so only its hash leaves the database.
    private static string HashStamp(User user) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.SecurityStamp ?? ""))[..16]);
}
