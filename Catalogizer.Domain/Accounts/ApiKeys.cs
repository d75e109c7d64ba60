using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Accounts;

/// <summary>A key that a script uses instead of a password. Only its hash is kept.</summary>
public sealed class ApiKey
{
    public long Id { get; set; }

    public long UserId { get; set; }

    public required string Name { get; set; }

    /// <summary>SHA-256 of the key, in lower-case hex.</summary>
    public required string Hash { get; set; }

    /// <summary>The permissions it carries, with spaces between; never more than its owner has.</summary>
    public required string Scopes { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Null: until it is removed.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }
}

/// <summary>A key as its owner sees it.</summary>
public sealed record ApiKeyView(long Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, bool Expired);

/// <summary>Whose key it is, with what it may do, and when it ends; null: when it is removed.</summary>
public sealed record KeyHolder(Account Account, DateTimeOffset? ExpiresAt);

/// <summary>Makes, lists, removes and reads the keys of the API.</summary>
public sealed class ApiKeys
{
    /// <summary>What every key begins with, so that people and scanners of leaked secrets know it for one.</summary>
    public const string Prefix = "ctlg_";

    public const int LongestName = 64;

    /// <summary>What a key may do at most: accounts are not administered with one, as it could make itself more than it is.</summary>
    public static IReadOnlyList<string> Scopes { get; } = [.. Permission.All.Where(permission => permission != Permission.UsersManage)];

    private const int MostPerUser = 50;
    private static readonly TimeSpan UseNotedEvery = TimeSpan.FromMinutes(10);

    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly AccountGate _gate;
    private readonly AccountReader _accounts;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;

    internal ApiKeys(IDbContextFactory<CatalogDbContext> contexts, AccountGate gate, AccountReader accounts, AuditLog audit, TimeProvider time) =>
        (_contexts, _gate, _accounts, _audit, _time) = (contexts, gate, accounts, audit, time);

    /// <summary>The actor's own keys.</summary>
    /// <exception cref="PermissionDeniedException">The actor is no person in a browser.</exception>
    public Task<IReadOnlyList<ApiKeyView>> ListAsync(Actor actor, CancellationToken cancellation) => ListAsync(actor.DemandOwnAccount(), cancellation);

    /// <summary>The keys of any account, for user administrators.</summary>
    public async Task<Result<IReadOnlyList<ApiKeyView>>> ListOfAsync(Actor actor, long userId, CancellationToken cancellation)
    {
        actor.Demand(Permission.UsersManage);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        return await db.Users.AnyAsync(u => u.Id == userId, cancellation)
            ? new Result<IReadOnlyList<ApiKeyView>>(await ListAsync(userId, cancellation))
            : UserService.NoSuchUser(userId);
    }

    private async Task<IReadOnlyList<ApiKeyView>> ListAsync(long userId, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var keys = await db.ApiKeys.AsNoTracking().Where(k => k.UserId == userId).OrderByDescending(k => k.Id).ToListAsync(cancellation);
        var now = _time.GetUtcNow();
        return [.. keys.Select(k => new ApiKeyView(k.Id, k.Name, ScopesOf(k), k.CreatedAt, k.ExpiresAt, k.LastUsedAt, k.ExpiresAt <= now))];
    }

    /// <returns>The key itself, to be shown once.</returns>
    /// <exception cref="PermissionDeniedException">The actor is no person in a browser, or may not do what the key is to do.</exception>
    public async Task<Result<string>> AddAsync(Actor actor, string? name, IReadOnlyCollection<string> scopes, TimeSpan? lifetime, CancellationToken cancellation)
    {
        var userId = actor.DemandOwnAccount();
        name = name?.Trim();
        if (string.IsNullOrEmpty(name) || name.Length > LongestName)
        {
            return new InvalidError("name", $"Give the key a name of at most {LongestName} characters, such as what uses it.");
        }

        if (scopes.Contains(Permission.UsersManage))
        {
            return new InvalidError("scopes", $"A key cannot have '{Permission.UsersManage}': accounts are administered by people who are signed in.");
        }

        if (scopes.Count == 0 || !scopes.All(Scopes.Contains))
        {
            return new InvalidError("scopes", "Choose at least one thing that the key may do.");
        }

        foreach (var scope in scopes)
        {
            actor.Demand(scope);
        }

        using var turn = await _gate.EnterAsync(cancellation);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await _accounts.FindAsync(userId, cancellation) is null)
        {
            throw new PermissionDeniedException("an account");
        }

        if (await db.ApiKeys.CountAsync(k => k.UserId == userId, cancellation) >= MostPerUser)
        {
            return new InvalidError("name", $"There are {MostPerUser} keys already. Remove one first.");
        }

        var key = Prefix + Tokens.New();
        var now = _time.GetUtcNow();
        var made = new ApiKey { UserId = userId, Name = name, Hash = Tokens.HashOf(key), Scopes = string.Join(' ', scopes.Distinct().Order(StringComparer.Ordinal)), CreatedAt = now, ExpiresAt = now + lifetime };
        db.ApiKeys.Add(made);
        db.AuditLogs.Add(_audit.Entry(actor, "accounts.addKey", $"user:{userId}", null, new { made.Name, made.Scopes, made.ExpiresAt }));
        await db.SaveChangesAsync(cancellation);
        return key;
    }

    /// <summary>Removes one of the actor's own keys.</summary>
    /// <exception cref="PermissionDeniedException">The actor is no person in a browser.</exception>
    public async Task<Error?> RemoveAsync(Actor actor, long id, CancellationToken cancellation)
    {
        var userId = actor.DemandOwnAccount();
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.ApiKeys.SingleOrDefaultAsync(k => k.Id == id && k.UserId == userId, cancellation) is not { } key)
        {
            return new NotFoundError($"There is no key {id}.");
        }

        db.ApiKeys.Remove(key);
        db.AuditLogs.Add(_audit.Entry(actor, "accounts.removeKey", $"user:{key.UserId}", new { key.Name, key.Scopes }));
        await db.SaveChangesAsync(cancellation);
        _accounts.Forget(key.UserId);
        return null;
    }

    /// <summary>Whose key it is, with the permissions that both the key and its owner have now; null when it does not, or no longer, open anything.</summary>
    public async Task<KeyHolder?> ReadAsync(string key, CancellationToken cancellation)
    {
        var hash = Tokens.HashOf(key);
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        var kept = await db.ApiKeys.SingleOrDefaultAsync(k => k.Hash == hash, cancellation);
        var now = _time.GetUtcNow();
        if (kept is null || kept.ExpiresAt <= now || await _accounts.FindAsync(kept.UserId, cancellation) is not { } account)
        {
            return null;
        }

        if (kept.LastUsedAt is not { } used || now - used > UseNotedEvery)
        {
            kept.LastUsedAt = now;
            await db.SaveChangesAsync(cancellation);
        }

        return new KeyHolder(account with { Permissions = [.. account.Permissions.Intersect(ScopesOf(kept)).Intersect(Scopes)] }, kept.ExpiresAt);
    }

    private static string[] ScopesOf(ApiKey key) => key.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
