using Catalogizer.Domain.Storage;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Accounts;

/// <summary>Makes the first admin that the settings name.</summary>
public sealed class AdminFromSettings(UserService users, IOptions<AdminOptions> options)
{
    /// <exception cref="StartupException">The settings name an admin who cannot be made.</exception>
    public async Task MakeAsync(CancellationToken cancellation)
    {
        var (name, password) = (options.Value.UserName, options.Value.Password);
        if ((string.IsNullOrEmpty(name) && string.IsNullOrEmpty(password)) || await users.HasAdminAsync(cancellation))
        {
            return;
        }

        var made = await users.AddFirstAdminAsync(name, password, address: null, cancellation);
        if (made.Error is { } wrong and not SetUpIsOver)
        {
            throw new StartupException(
                $"The first admin cannot be made from Catalogizer:Admin:{(wrong.Field == "password" ? "Password" : "UserName")}: {wrong.Message}");
        }
    }
}
