using Catalogizer.Domain;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Catalogizer.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Accounts;

/// <summary>The account services over their own encrypted database, with a manual clock.</summary>
public sealed class AccountsFixture : IDisposable
{
    public const string GoodPassword = "correct horse battery";

    private readonly TemporaryFolder _folder = new();
    private ServiceProvider _services;

    public AccountsFixture()
    {
        TemplateCatalog.CopyTo(_folder.PathOf("catalogizer.db"));
        _services = Open();
    }

    public ManualTime Time { get; } = new();

    public AuthService Auth => Get<AuthService>();

    public UserService Users => Get<UserService>();

    public FirstRun FirstRun => Get<FirstRun>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task<Actor> AddAsync(string name, Role role = Role.Viewer, string password = GoodPassword)
    {
        var added = await Users.AddAsync(Actor.System, name, password, role, CancellationToken.None);
        return new Actor(added.Value.Id, name, Permission.For(role)) { Session = "of a browser" };
    }

    /// <summary>The code that an authenticator app shows for a secret.</summary>
    public static string CodeFor(string secret, DateTimeOffset now)
    {
        var bits = string.Concat(secret.Select(sign => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(sign, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var key = Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2)).ToArray();
        return TotpCode.Generate(key, TotpCode.StepAt(now));
    }

    public Task<Result<BrowserSession>> SignInAsync(string name, string password = GoodPassword) =>
        Auth.SignInAsync(name, password, new SignInOrigin("192.0.2.7", "a test"), CancellationToken.None);

    public Task<Result<ApiTokens>> LogInAsync(string name, string password = GoodPassword) =>
        Auth.LogInAsync(name, password, null, new SignInOrigin("192.0.2.7", "a script"), CancellationToken.None);

    public async Task<Account?> ReadAsync(string accessToken) => (await Auth.ValidateTokenAsync(accessToken, CancellationToken.None))?.Account;

    public async Task<T> ReadAsync<T>(Func<CatalogDbContext, Task<T>> read)
    {
        await using var db = await Get<IDbContextFactory<CatalogDbContext>>().CreateDbContextAsync();
        return await read(db);
    }

    public Task<List<AuditEntry>> ReadAuditAsync() => ReadAsync(db => db.AuditLogs.AsNoTracking().OrderBy(entry => entry.Id).ToListAsync());

    /// <summary>Discards everything in memory and opens the same database again.</summary>
    public void Restart()
    {
        _services.Dispose();
        _services = Open();
    }

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    private ServiceProvider Open() => new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(Time)
        .AddStorage(DataDirectory.Open(new StorageOptions { DataDirectory = _folder.Path }, "/"), TestCatalog.Key)
        .AddDomain(new ConfigurationBuilder().Build())
        .AddAccounts(new ConfigurationBuilder().Build())
        .AddFastPasswordHashing()
        .BuildServiceProvider();
}
