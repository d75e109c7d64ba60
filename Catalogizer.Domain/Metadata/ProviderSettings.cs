using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Metadata;

/// <summary>What an admin set for one provider on its page; null: the value in the configuration applies.</summary>
/// <param name="Place">Location of the data of a provider whose data are imported.</param>
public sealed record ProviderOverride(bool? Enabled = null, string? SealedKey = null, string? Language = null, string? Place = null);

/// <summary>Settings of the providers: what an admin set on the page overrides the configuration. Keys are encrypted.</summary>
public sealed class ProviderSettings
{
    private const string Prefix = "metadata:provider:";
    private const string OrderKey = "metadata:order";

    private readonly MetadataOptions _options;
    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly IDataProtector _protector;
    private FrozenDictionary<string, ProviderOverride> _overrides;
    private FrozenDictionary<MediaKind, string[]> _orders;

    public ProviderSettings(IOptions<MetadataOptions> options, IDbContextFactory<CatalogDbContext> contexts, IDataProtectionProvider protection)
    {
        (_options, _contexts, _protector) = (options.Value, contexts, protection.CreateProtector("Catalogizer.Metadata.ApiKey"));
        using var db = contexts.CreateDbContext();
        var rows = db.Settings.AsNoTracking().Where(s => s.Key.StartsWith(Prefix) || s.Key == OrderKey).ToList();
        _overrides = rows.Where(r => r.Key != OrderKey).ToFrozenDictionary(r => r.Key[Prefix.Length..], r => JsonSerializer.Deserialize<ProviderOverride>(r.Value) ?? new ProviderOverride());
        var orders = rows.FirstOrDefault(r => r.Key == OrderKey) is { } order ? JsonSerializer.Deserialize<Dictionary<MediaKind, string[]>>(order.Value) : null;
        _orders = (orders ?? []).ToFrozenDictionary();
    }

    public string DefaultLanguage => _options.Language;

    public ProviderOverride OverrideFor(string name) => _overrides.GetValueOrDefault(name) ?? new ProviderOverride();

    /// <summary>Whether a key is set, and whether it was set on the page.</summary>
    public (bool IsSet, bool OnPage) GetKeyState(string name) =>
        (OverrideFor(name).SealedKey is not null || !string.IsNullOrWhiteSpace(_options.For(name).ApiKey), OverrideFor(name).SealedKey is not null);

    public ProviderConfiguration ConfigurationFor(string name)
    {
        var (providerOverride, options) = (OverrideFor(name), _options.For(name));
        return new ProviderConfiguration(
            providerOverride.Enabled ?? options.Enabled,
            Unseal(providerOverride.SealedKey) ?? options.ApiKey,
            providerOverride.Language ?? _options.Language,
            providerOverride.Place is { } location ? new Uri(location) : options.BaseAddress,
            options.ImageBaseAddress);
    }

    /// <summary>Providers in the order that an admin set for a kind of item; those not named come after.</summary>
    public IReadOnlyList<string> OrderFor(MediaKind kind) => _orders.GetValueOrDefault(kind) ?? [];

    internal string Seal(string key) => _protector.Protect(key);

    internal async Task SaveAsync(string name, ProviderOverride providerOverride, AuditEntry auditEntry, CancellationToken cancellation)
    {
        await WriteAsync(Prefix + name, JsonSerializer.Serialize(providerOverride), auditEntry, cancellation);
        _overrides = _overrides.Where(c => c.Key != name).Append(new(name, providerOverride)).ToFrozenDictionary();
    }

    internal async Task SaveOrderAsync(MediaKind kind, IEnumerable<string> names, AuditEntry auditEntry, CancellationToken cancellation)
    {
        var orders = _orders.Where(o => o.Key != kind).Append(new(kind, [.. names])).ToFrozenDictionary();
        await WriteAsync(OrderKey, JsonSerializer.Serialize(orders.ToDictionary()), auditEntry, cancellation);
        _orders = orders;
    }

    private async Task WriteAsync(string key, string value, AuditEntry auditEntry, CancellationToken cancellation)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellation);
        if (await db.Settings.SingleOrDefaultAsync(s => s.Key == key, cancellation) is { } row)
        {
            row.Value = value;
        }
        else
        {
            db.Settings.Add(new Setting { Key = key, Value = value });
        }

        db.AuditLogs.Add(auditEntry);
        await db.SaveChangesAsync(cancellation);
    }

    /// <returns>Null when there is no key, or the one that encrypted it is lost: the key must then be set again.</returns>
    private string? Unseal(string? sealedKey)
    {
        try
        {
            return sealedKey is null ? null : _protector.Unprotect(sealedKey);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
