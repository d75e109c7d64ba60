using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts.Tokens;

/// <summary>A key that a script uses instead of a password. Only its hash is stored.</summary>
public sealed class ApiKey
{
    public long Id { get; set; }

    public long UserId { get; set; }

    public required string Name { get; set; }

    /// <summary>SHA-256 of the key, in lower-case hex.</summary>
    public required string Hash { get; set; }

    /// <summary>The permissions of the key, separated by spaces. Only those that its owner has too take effect.</summary>
    public required string Scopes { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null if the key is valid until it is removed.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }
}

/// <summary>A key as shown to its owner and to user administrators.</summary>
public sealed record ApiKeyView(long Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, bool Expired);

/// <summary>The owner of a key, with the permissions of the key, and its expiry; null if it is valid until it is removed.</summary>
public sealed record KeyHolder(Account Account, DateTimeOffset? ExpiresAt);

/// <summary>Creates, lists, removes and validates the keys of the API.</summary>
public sealed class ApiKeys
{
    /// <summary>The prefix of every key, so that people and scanners for leaked secrets recognise it.</summary>
    public const string Prefix = "ctlg_";

    public const int MaxNameLength = 64;

    /// <summary>The permissions that a key can have. Managing users is excluded: a key could give itself more permissions.</summary>
    public static IReadOnlyList<string> AllowedScopes { get; } = [.. Permission.All.Where(permission => permission != Permission.UsersManage)];

    private const int MaxPerUser = 50;
    private static readonly TimeSpan LastUsedUpdateInterval = TimeSpan.FromMinutes(10);

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly AccountLock _accountLock;
    private readonly AccountReader _accounts;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    internal ApiKeys(IDbContextFactory<CatalogDbContext> contexts, AccountLock accountLock, AccountReader accounts, AuditLog audit, TimeProvider time) =>
        (_contexts, _accountLock, _accounts, _audit, _time) = (contexts, accountLock, accounts, audit, time);

    /// <summary>Lists the actor's own keys.</summary>
    /// <exception cref="PermissionDeniedException">The actor is not a user in a signed-in browser.</exception>
    public Task<IReadOnlyList<ApiKeyView>> ListAsync(Actor actor, CancellationToken cancellation) => ListAsync(actor.RequireOwnAccount(), cancellation);

    /// <summary>Lists the keys of any account, for user administrators.</summary>
    public async Task<Result<IReadOnlyList<ApiKeyView>>> ListForUserAsync(Actor actor, long userId, CancellationToken cancellation)
    {
        actor.Require(Permission.UsersManage);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.Users.AnyAsync(u => u.Id == userId, cancellation)
            ? new Result<IReadOnlyList<ApiKeyView>>(await ListAsync(userId, cancellation))
            : UserService.UserNotFound(userId);
    }

    private async Task<IReadOnlyList<ApiKeyView>> ListAsync(long userId, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var keys = await db.ApiKeys.AsNoTracking().Where(k => k.UserId == userId).OrderByDescending(k => k.Id).ToListAsync(cancellation);
        var now = _time.GetUtcNow();
        return [.. keys.Select(k => new ApiKeyView(k.Id, k.Name, GetScopes(k), k.CreatedAt, k.ExpiresAt, k.LastUsedAt, k.ExpiresAt <= now))];
    }

    /// <returns>The key, to be shown once.</returns>
    /// <exception cref="PermissionDeniedException">The actor is not a user in a signed-in browser, or lacks one of the <paramref name="scopes"/>.</exception>
    public async Task<Result<string>> AddAsync(Actor actor, string? name, IReadOnlyCollection<string> scopes, TimeSpan? lifetime, CancellationToken cancellation)
    {
        var userId = actor.RequireOwnAccount();
        name = name?.Trim();
        if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength)
        {
            return new InvalidError("name", $"Give the key a name of at most {MaxNameLength} characters, such as what uses it.");
        }

        if (scopes.Contains(Permission.UsersManage))
        {
            return new InvalidError("scopes", $"A key cannot have '{Permission.UsersManage}': accounts are administered by people who are signed in.");
        }

        if (scopes.Count == 0 || !scopes.All(AllowedScopes.Contains))
        {
            return new InvalidError("scopes", "Choose at least one thing that the key may do.");
        }

        foreach (var scope in scopes)
        {
            actor.Require(scope);
        }

        using var lease = await _accountLock.AcquireAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await _accounts.FindAsync(userId, cancellation) is null)
        {
            throw new PermissionDeniedException("an account");
        }

        if (await db.ApiKeys.CountAsync(k => k.UserId == userId, cancellation) >= MaxPerUser)
        {
            return new InvalidError("name", $"There are {MaxPerUser} keys already. Remove one first.");
        }

        var key = Prefix + RandomToken.Create();
        var now = _time.GetUtcNow();
        var apiKey = new ApiKey { UserId = userId, Name = name, Hash = RandomToken.ComputeHash(key), Scopes = string.Join(' ', scopes.Distinct().Order(StringComparer.Ordinal)), CreatedAt = now, ExpiresAt = now + lifetime };
        db.ApiKeys.Add(apiKey);
        db.AuditLogs.Add(_audit.CreateEntry(actor, "accounts.addKey", $"user:{userId}", null, new { apiKey.Name, apiKey.Scopes, apiKey.ExpiresAt }));
        await db.SaveChangesAsync(cancellation);
        return key;
    }

    /// <summary>Removes one of the actor's own keys.</summary>
    /// <exception cref="PermissionDeniedException">The actor is not a user in a signed-in browser.</exception>
    public async Task<Error?> RemoveAsync(Actor actor, long id, CancellationToken cancellation)
    {
        var userId = actor.RequireOwnAccount();
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == id && k.UserId == userId, cancellation) is not { } key)
        {
            return new NotFoundError($"There is no key {id}.");
        }

        db.ApiKeys.Remove(key);
        db.AuditLogs.Add(_audit.CreateEntry(actor, "accounts.removeKey", $"user:{key.UserId}", new { key.Name, key.Scopes }));
        await db.SaveChangesAsync(cancellation);
        _accounts.Invalidate(key.UserId);
        return null;
    }

    /// <summary>Returns the key's owner, with the permissions that both the key and the owner have now; null if the key is not or no longer valid.</summary>
    public async Task<KeyHolder?> ValidateAsync(string key, CancellationToken cancellation)
    {
        var hash = RandomToken.ComputeHash(key);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var apiKey = await db.ApiKeys.SingleOrDefaultAsync(k => k.Hash == hash, cancellation);
        var now = _time.GetUtcNow();
        if (apiKey is null || apiKey.ExpiresAt <= now || await _accounts.FindAsync(apiKey.UserId, cancellation) is not { } account)
        {
            return null;
        }

        if (apiKey.LastUsedAt is not { } used || now - used > LastUsedUpdateInterval)
        {
            apiKey.LastUsedAt = now;
            await db.SaveChangesAsync(cancellation);
        }

        return new KeyHolder(account with { Permissions = [.. account.Permissions.Intersect(GetScopes(apiKey)).Intersect(AllowedScopes)] }, apiKey.ExpiresAt);
    }

    private static string[] GetScopes(ApiKey key) => key.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
