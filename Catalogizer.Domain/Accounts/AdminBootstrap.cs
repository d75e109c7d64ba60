using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Accounts;

/// <summary>Creates the first admin from the settings.</summary>
public sealed class AdminBootstrap(UserService users, IDbContextFactory<CatalogDbContext> contexts, IOptions<AdminOptions> options)
{
    private readonly string? _name = options.Value.UserName;
    private readonly string? _password = options.Value.Password;

    /// <summary>Validates before the host starts, because the host's own report of a failed start would bury the message.</summary>
    /// <exception cref="StartupException">The admin in the settings cannot be created.</exception>
    public void Validate()
    {
        if (!IsConfigured)
        {
            return;
        }

        using var db = contexts.CreateDbContext();
        if (!db.Users.Any(u => u.Role == Role.Admin) && (AccountRules.ValidateName(_name) ?? AccountRules.ValidatePassword(_password, _name)) is { } error)
        {
            throw ToException(error);
        }
    }

    public async Task EnsureCreatedAsync(CancellationToken cancellation)
    {
        if (IsConfigured && !await users.HasAdminAsync(cancellation)
            && (await users.AddFirstAdminAsync(_name, _password, address: null, cancellation)).Error is { } error and not SetupAlreadyCompleted)
        {
            throw ToException(error);
        }
    }

    private bool IsConfigured => !string.IsNullOrEmpty(_name) || !string.IsNullOrEmpty(_password);

    private static StartupException ToException(Error error) =>
        new($"The first admin cannot be made from the setting Catalogizer:Admin:{(error.Field == "password" ? "Password" : "UserName")}: {error.Message}");
}
