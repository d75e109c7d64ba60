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

/// <summary>What an account can hold open.</summary>
internal enum Connection
{
    Page,
    Download,
    EventStream,
}

/// <summary>Limits the open connections of each account, so that one user cannot exhaust the server.</summary>
internal sealed class ConnectionLimits(IOptions<LimitOptions> options)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(Connection Kind, long Account), int> _open = new();

    public bool HasRoom(Connection kind, long account) => _open.GetValueOrDefault((kind, account)) < Most(kind);

    /// <summary>Opens one more until the request ends. Returns the refusal to send when the limit is reached, otherwise null.</summary>
    public IResult? Open(Connection kind, HttpContext http)
    {
        if (TryOpen(kind, http.User.FindUserId() ?? 0) is not { } open)
        {
            return Refusal(kind);
        }

        http.Response.RegisterForDispose(open);
        return null;
    }

    /// <summary>Null when the limit is reached; otherwise dispose the result when the connection closes.</summary>
    public IDisposable? TryOpen(Connection kind, long account)
    {
        var key = (kind, account);
        if (_open.AddOrUpdate(key, 1, (_, open) => open + 1) <= Most(kind))
        {
            return new Place(this, key);
        }

        Close(key);
        return null;
    }

    /// <summary>Limits open pages. Must run after authentication. A page holds its web socket request for as long as it is open.</summary>
    public static void UsePageLimits(WebApplication app) => app.Use((http, next) =>
    {
        if (http.User.FindUserId() is not { } account || !http.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase, out var rest))
        {
            return next(http);
        }

        var limits = http.RequestServices.GetRequiredService<ConnectionLimits>();
        var refusal = rest.Value switch
        {
            "" or null => limits.Open(Connection.Page, http),
            "/negotiate" when !limits.HasRoom(Connection.Page, account) => Refusal(Connection.Page),
            _ => null,
        };
        return refusal is null ? next(http) : refusal.ExecuteAsync(http);
    });

    private static IResult Refusal(Connection kind)
    {
        var what = kind switch { Connection.Page => "pages", Connection.Download => "downloads", _ => "event streams" };
        return ApiProblems.TooManyRequests(RetryAfter, $"This account has too many {what} open. Close one and try again.");
    }

    private int Most(Connection kind) => kind switch
    {
        Connection.Page => options.Value.Pages,
        Connection.Download => options.Value.Streams,
        _ => options.Value.EventStreams,
    };

    private void Close((Connection Kind, long Account) key)
    {
        if (_open.AddOrUpdate(key, 0, (_, open) => open - 1) == 0)
        {
            _open.TryRemove(new(key, 0));
        }
    }

    private sealed class Place(ConnectionLimits limits, (Connection Kind, long Account) key) : IDisposable
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
