using System.Security.Cryptography;
using System.Text;

namespace Catalogizer.Domain.Accounts;

/// <summary>A person who may be signed in, as the database has it now. Cookies and tokens are made from it.</summary>
/// <param name="Stamp">Changes with the password, the role and whatever else must end what was handed out before.</param>
public sealed record Account(long Id, string Name, Role Role, IReadOnlyList<string> Permissions, string Stamp)
{
    public Actor ToActor(string? address = null) => new(Id, Name, Permissions, address);

    /// <summary>The roles' grants and the person's own, each once.</summary>
    internal static Account From(User user, IEnumerable<string> extraGrants) => new(
        user.Id,
        user.UserName!,
        user.Role,
        [.. Permission.For(user.Role).Union(extraGrants.Where(Permission.All.Contains))],
        HashStamp(user));

    // The stored stamp may become key material (second factor); what leaves the database is its hash.
    private static string HashStamp(User user) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.SecurityStamp ?? ""))[..16]);
}
