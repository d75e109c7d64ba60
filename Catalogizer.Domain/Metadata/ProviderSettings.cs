using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Media;
using Catalogizer.Domain.Storage;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Catalogizer.Domain.Metadata;

/// <summary>What an admin set for one provider on its page; null: as the settings say.</summary>
/// <param name="Place">Where the data of a provider lie that has none to be asked.</param>
public sealed record ProviderChoice(bool? Enabled = null, string? SealedKey = null, string? Language = null, string? Place = null);

/// <summary>The settings of the providers: what an admin set on the page above what stands in the settings. Keys are sealed.</summary>
public sealed class ProviderSettings
{
    private const string Prefix = "metadata:provider:";
    private const string OrderKey = "metadata:order";

    private readonly MetadataOptions _options;
    private readonly IDbContextFactory<CatalogDbContext> _contexts;
    private readonly IDataProtector _seal;
    private FrozenDictionary<string, ProviderChoice> _choices;
    private FrozenDictionary<MediaKind, string[]> _orders;

    public ProviderSettings(IOptions<MetadataOptions> options, IDbContextFactory<CatalogDbContext> contexts, IDataProtectionProvider protection)
    {
        (_options, _contexts, _seal) = (options.Value, contexts, protection.CreateProtector("Catalogizer.Metadata.ApiKey"));
        using var db = contexts.CreateDbContext();
        var rows = db.Settings.AsNoTracking().Where(s => s.Key.StartsWith(Prefix) || s.Key == OrderKey).ToList();
        _choices = rows.Where(r => r.Key != OrderKey).ToFrozenDictionary(r => r.Key[Prefix.Length..], r => JsonSerializer.Deserialize<ProviderChoice>(r.Value) ?? new ProviderChoice());
        var orders = rows.FirstOrDefault(r => r.Key == OrderKey) is { } order ? JsonSerializer.Deserialize<Dictionary<MediaKind, string[]>>(order.Value) : null;
        _orders = (orders ?? []).ToFrozenDictionary();
    }

    public string DefaultLanguage => _options.Language;

    public ProviderChoice ChoiceOf(string name) => _choices.GetValueOrDefault(name) ?? new ProviderChoice();

    /// <summary>Whether a key is set, and whether it was set on the page.</summary>
    public (bool IsSet, bool OnPage) KeyOf(string name) =>
        (ChoiceOf(name).SealedKey is not null || !string.IsNullOrWhiteSpace(_options.Of(name).ApiKey), ChoiceOf(name).SealedKey is not null);

    public ProviderSetup SetupOf(string name)
    {
        var (choice, options) = (ChoiceOf(name), _options.Of(name));
        return new ProviderSetup(
            choice.Enabled ?? options.Enabled,
            Open(choice.SealedKey) ?? options.ApiKey,
            choice.Language ?? _options.Language,
            choice.Place is { } place ? new Uri(place) : options.BaseAddress,
            options.ImageBaseAddress);
    }

    /// <summary>Providers in the order an admin set for a kind of work; those not named come after.</summary>
    public IReadOnlyList<string> OrderOf(MediaKind kind) => _orders.GetValueOrDefault(kind) ?? [];

    internal string Seal(string key) => _seal.Protect(key);

    internal async Task SaveAsync(string name, ProviderChoice choice, AuditEntry told, CancellationToken cancellation)
    {
        await WriteAsync(Prefix + name, JsonSerializer.Serialize(choice), told, cancellation);
        _choices = _choices.Where(c => c.Key != name).Append(new(name, choice)).ToFrozenDictionary();
    }

    internal async Task SaveOrderAsync(MediaKind kind, IEnumerable<string> names, AuditEntry told, CancellationToken cancellation)
    {
        var orders = _orders.Where(o => o.Key != kind).Append(new(kind, [.. names])).ToFrozenDictionary();
        await WriteAsync(OrderKey, JsonSerializer.Serialize(orders.ToDictionary()), told, cancellation);
        _orders = orders;
    }

    private async Task WriteAsync(string key, string value, AuditEntry told, CancellationToken cancellation)
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

        db.AuditLogs.Add(told);
        await db.SaveChangesAsync(cancellation);
    }

    /// <summary>Null when there is none, or the key it was sealed with is gone: then one has to be set anew.</summary>
    private string? Open(string? kept)
    {
        try
        {
            return kept is null ? null : _seal.Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
