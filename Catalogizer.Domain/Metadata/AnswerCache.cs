using System.Collections.Concurrent;
using System.Text.Json;
using Catalogizer.Domain.Caching;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;

namespace Catalogizer.Domain.Metadata;

/// <summary>What a provider answered.</summary>
/// <param name="Body">JSON; null: it has nothing there.</param>
/// <param name="IsStale">Whether it is past its time and the provider could not be asked.</param>
public sealed record ProviderAnswer(string? Body, DateTimeOffset FetchedAt, DateTimeOffset ExpiresAt, bool IsStale)
{
    public JsonElement? Json()
    {
        if (Body is null)
        {
            return null;
        }

        using var document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }
}

/// <summary>Keeps providers' answers over restarts.</summary>
public interface IProviderAnswers
{
    Task<ProviderAnswer?> FindAsync(string key, CancellationToken cancellation);

    Task KeepAsync(string key, ProviderAnswer answer, CancellationToken cancellation);
}

/// <summary>How often each level had the answer, and how often the provider was asked.</summary>
public sealed record AnswerCounts(long Memory, long Shared, long Database, long Asked);

/// <summary>
/// Memory, then the shared cache if there is one, then the database, then the provider: a hit fills the levels above, and one
/// question is on its way once.
/// </summary>
public sealed class AnswerCache(IProviderAnswers answers, SharedCache shared, TimeProvider time) : IDisposable
{
    private const long MostInMemory = 32 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, Lazy<Task<ProviderAnswer>>> _flights = new(StringComparer.Ordinal);
    private readonly MemoryCache _memory = new(new MemoryCacheOptions { SizeLimit = MostInMemory });
    private long _inMemory;
    private long _inShared;
    private long _inDatabase;
    private long _asked;

    public AnswerCounts Counts => new(Volatile.Read(ref _inMemory), Volatile.Read(ref _inShared), Volatile.Read(ref _inDatabase), Volatile.Read(ref _asked));

    /// <param name="anew">Asks the provider even if what is kept is still good.</param>
    /// <exception cref="ProviderFault">It did not answer, and nothing is kept from before.</exception>
    public async Task<ProviderAnswer> GetAsync(string key, bool anew, Func<Task<ProviderAnswer>> ask, CancellationToken cancellation)
    {
        var kept = await KeptAsync(key, cancellation);
        if (kept is not null && !anew && IsFresh(kept))
        {
            return kept;
        }

        try
        {
            // Who comes while the same is on its way waits for that one; whoever leaves does not end it for the others.
            var flight = _flights.GetOrAdd(key, _ => new Lazy<Task<ProviderAnswer>>(() => Task.Run(() => AskAsync(key, anew, ask))));
            return await flight.Value.WaitAsync(cancellation);
        }
        catch (ProviderFault) when (kept is not null)
        {
            return kept with { IsStale = true };
        }
    }

    public void Dispose() => _memory.Dispose();

    private async Task<ProviderAnswer> AskAsync(string key, bool anew, Func<Task<ProviderAnswer>> ask)
    {
        try
        {
            // Whoever looked before an earlier flight came back, and got here after it had, is answered by it.
            if (!anew && _memory.TryGetValue(key, out ProviderAnswer? arrived) && IsFresh(arrived!))
            {
                return arrived!;
            }

            Interlocked.Increment(ref _asked);
            var answer = await ask();
            Remember(key, answer);
            await ShareAsync(key, answer);
            await answers.KeepAsync(key, answer, CancellationToken.None);
            return answer;
        }
        finally
        {
            _flights.TryRemove(key, out _);
        }
    }

    /// <summary>The first fresh answer on the way down; else the newest old one.</summary>
    private async Task<ProviderAnswer?> KeptAsync(string key, CancellationToken cancellation)
    {
        if (_memory.TryGetValue(key, out ProviderAnswer? known) && IsFresh(known!))
        {
            Interlocked.Increment(ref _inMemory);
            return known;
        }

        if (await SharedAsync(key, cancellation) is { } told && IsFresh(told))
        {
            Interlocked.Increment(ref _inShared);
            Remember(key, told);
            return told;
        }

        if (await answers.FindAsync(key, cancellation) is not { } kept)
        {
            return known;
        }

        if (IsFresh(kept))
        {
            Interlocked.Increment(ref _inDatabase);
            await ShareAsync(key, kept);
        }

        Remember(key, kept);
        return kept;
    }

    private bool IsFresh(ProviderAnswer answer) => answer.ExpiresAt > time.GetUtcNow();

    private void Remember(string key, ProviderAnswer answer) =>
        _memory.Set(key, answer, new MemoryCacheEntryOptions { Size = 200 + (2L * (key.Length + (answer.Body?.Length ?? 0))) });

    private async Task<ProviderAnswer?> SharedAsync(string key, CancellationToken cancellation)
    {
        ProviderAnswer? told = null;
        await shared.TryCallAsync(async cache => told = await cache.GetAsync(key, cancellation) is { } bytes ? JsonSerializer.Deserialize<ProviderAnswer>(bytes) : null);
        return told;
    }

    private Task<bool> ShareAsync(string key, ProviderAnswer answer) => shared.TryCallAsync(cache => cache.SetAsync(
        key, JsonSerializer.SerializeToUtf8Bytes(answer), new DistributedCacheEntryOptions { AbsoluteExpiration = answer.ExpiresAt }));
}
