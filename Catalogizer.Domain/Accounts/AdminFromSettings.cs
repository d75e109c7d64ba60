using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Accounts;

/// <summary>Makes the first admin that the settings name.</summary>
public sealed class AdminFromSettings(UserService users, IDbContextFactory<CatalogDbContext> contexts, IOptions<AdminOptions> options)
{
    private readonly string? _name = options.Value.UserName;
    private readonly string? _password = options.Value.Password;

    /// <summary>Looks before the host starts, whose own report of a failed start would bury the sentence.</summary>
    /// <exception cref="StartupException">The settings name an admin who cannot be made.</exception>
    public void Check()
    {
        if (!IsNamed)
        {
            return;
        }

        using var db = contexts.CreateDbContext();
        if (!db.Users.Any(u => u.Role == Role.Admin) && (AccountRules.CheckName(_name) ?? AccountRules.CheckPassword(_password, _name)) is { } wrong)
        {
            throw Refusal(wrong);
        }
    }

    public async Task MakeAsync(CancellationToken cancellation)
    {
        if (IsNamed && !await users.HasAdminAsync(cancellation)
            && (await users.AddFirstAdminAsync(_name, _password, address: null, cancellation)).Error is { } wrong and not SetUpIsOver)
        {
            throw Refusal(wrong);
        }
    }

    private bool IsNamed => !string.IsNullOrEmpty(_name) || !string.IsNullOrEmpty(_password);

    private static StartupException Refusal(Error wrong) =>
        new($"The first admin cannot be made from the setting Catalogizer:Admin:{(wrong.Field == "password" ? "Password" : "UserName")}: {wrong.Message}");
}
