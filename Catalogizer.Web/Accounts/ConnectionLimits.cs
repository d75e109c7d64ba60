using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;
using Catalogizer.Web.Api;
using Microsoft.Extensions.Options;

namespace Catalogizer.Web.Accounts;

/// <summary>How much one account may hold open at a time.</summary>
[SettingsSection("Catalogizer:Limits")]
public sealed class LimitOptions
{
    /// <summary>Open pages. Default: 20.</summary>
    [Range(1, 1_000_000)]
    public int Pages { get; set; } = 20;

    /// <summary>Files that are sent. Default: 10.</summary>
    [Range(1, 1_000_000)]
    public int Streams { get; set; } = 10;

    /// <summary>Streams of events. Default: 10.</summary>
    [Range(1, 1_000_000)]
    public int EventStreams { get; set; } = 10;
}

/// <summary>Counts what each account holds open, so that one person cannot take the server from the others.</summary>
internal sealed class ConnectionLimits(IOptions<LimitOptions> options)
{
    private readonly ConcurrentDictionary<(string Kind, long Account), int> _open = new();

    public IDisposable? TryOpenPage(long account) => TryOpen("page", account, options.Value.Pages);

    public bool HasRoomForPage(long account) => _open.GetValueOrDefault(("page", account)) < options.Value.Pages;

    public IDisposable? TryOpenStream(long account) => TryOpen("stream", account, options.Value.Streams);

    public IDisposable? TryOpenEventStream(long account) => TryOpen("events", account, options.Value.EventStreams);

    /// <summary>The answer to whoever holds too many open.</summary>
    /// <param name="what">Of what, in the plural.</param>
    public static IResult Refusal(string what) =>
        ApiProblems.TooManyRequests(TimeSpan.FromSeconds(5), $"This account has too many {what} open. Close one and try again.");

    /// <summary>Comes after sign-in is known. The request of a page's connection lasts as long as the page.</summary>
    public static void UsePageLimits(WebApplication app) => app.Use(async (http, next) =>
    {
        if (!http.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase, out var rest) || http.User.FindUserId() is not { } account)
        {
            await next(http);
            return;
        }

        var limits = http.RequestServices.GetRequiredService<ConnectionLimits>();
        if (rest.Value is "/negotiate" ? !limits.HasRoomForPage(account) : rest.HasValue ? false : limits.TryOpenPage(account) is not { } place || !Holds(http, place))
        {
            await Refusal("pages").ExecuteAsync(http);
            return;
        }

        await next(http);
    });

    private static bool Holds(HttpContext http, IDisposable place)
    {
        http.Response.RegisterForDispose(place);
        return true;
    }

    private Place? TryOpen(string kind, long account, int most)
    {
        var key = (kind, account);
        if (_open.AddOrUpdate(key, 1, (_, open) => open + 1) <= most)
        {
            return new Place(this, key);
        }

        Close(key);
        return null;
    }

    private void Close((string Kind, long Account) key)
    {
        if (_open.AddOrUpdate(key, 0, (_, open) => open - 1) == 0)
        {
            _open.TryRemove(new(key, 0));
        }
    }

    private sealed class Place(ConnectionLimits limits, (string Kind, long Account) key) : IDisposable
    {
        private int _closed;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _closed, 1) == 0)
            {
                limits.Close(key);
            }
        }
    }
}
