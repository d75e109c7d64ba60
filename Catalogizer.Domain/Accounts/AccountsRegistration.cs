using Catalogizer.Domain.Accounts.Lockout;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Catalogizer.Domain.Accounts;

public static class AccountsRegistration
{
    /// <summary>For PBKDF2 with HMAC-SHA512, as recommended by OWASP's Password Storage Cheat Sheet. Older hashes are renewed at sign-in.</summary>
    private const int PasswordHashIterations = 210_000;

    /// <summary>Adds accounts, sign-in and permissions. Needs storage and auditing.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<AdminOptions>(configuration);
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = PasswordHashIterations);
        services.AddSingleton<PasswordHashingQueue>();
        services.AddSingleton<SignInLockout>();
        services.AddSingleton<AccountRateLimiter>();
        services.AddSingleton<KnownDevices>();
        services.AddSingleton<AccountLock>();
        services.AddSingleton<PendingSignIns>();
        services.AddSingleton<AccountReader>();
        services.AddSingleton<Sessions>();
        services.AddSingleton<SigningKey>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<RefreshTokens>();
        services.AddSingleton<CurrentPasswordCheck>();
        services.AddSingleton<SignInTickets>();
        services.AddSingleton<PasswordCheck>();
        services.AddSingleton(provider => new TwoFactorService(
            provider.GetRequiredService<IDbContextFactory<CatalogDbContext>>(),
            provider.GetRequiredService<AccountLock>(),
            provider.GetRequiredService<AccountReader>(),
            provider.GetRequiredService<CurrentPasswordCheck>(),
            provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<IDataProtectionProvider>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ApiKeys(
            provider.GetRequiredService<IDbContextFactory<CatalogDbContext>>(),
            provider.GetRequiredService<AccountLock>(),
            provider.GetRequiredService<AccountReader>(),
            provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new PasswordLinks(
            provider.GetRequiredService<IDbContextFactory<CatalogDbContext>>(),
            provider.GetRequiredService<PasswordHashingQueue>(),
            provider.GetRequiredService<AccountLock>(),
            provider.GetRequiredService<AccountReader>(),
            provider.GetRequiredService<SignInTickets>(),
            provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new AuthService(
            provider.GetRequiredService<PasswordCheck>(),
            provider.GetRequiredService<AccountReader>(),
            provider.GetRequiredService<Sessions>(),
            provider.GetRequiredService<AccessTokens>(),
            provider.GetRequiredService<RefreshTokens>(),
            provider.GetRequiredService<KnownDevices>(),
            provider.GetRequiredService<AuditLog>()));
        services.AddSingleton(provider => new UserService(
            provider.GetRequiredService<IDbContextFactory<CatalogDbContext>>(),
            provider.GetRequiredService<PasswordHashingQueue>(),
            provider.GetRequiredService<CurrentPasswordCheck>(),
            provider.GetRequiredService<SignInLockout>(),
            provider.GetRequiredService<AccountLock>(),
            provider.GetRequiredService<AccountReader>(),
            provider.GetRequiredService<AuditLog>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FirstRun>();
        services.AddSingleton<AdminBootstrap>();
        return services;
    }
}
