using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Catalogizer.Domain.Common;
using Catalogizer.Web.Api;
using Microsoft.Extensions.Options;

namespace Catalogizer.Web.Accounts;

/// <summary>How many connections one account may have open at a time.</summary>
[SettingsSection("Catalogizer:Limits")]
public sealed class LimitOptions
{
    /// <summary>Open pages. Default: 20.</summary>
    [Range(1, 1_000_000)]
    public int Pages { get; set; } = 20;

    /// <summary>Files being downloaded or streamed. Default: 10.</summary>
    [Range(1, 1_000_000)]
    public int Streams { get; set; } = 10;

    /// <summary>Event streams. Default: 10.</summary>
    [Range(1, 1_000_000)]
    public int EventStreams { get; set; } = 10;
}

internal enum ConnectionKind
{
    Page,
    Download,
    EventStream,
}

/// <summary>Limits the open connections of each account, so that one user cannot exhaust the server.</summary>
internal sealed class ConnectionLimits(IOptions<LimitOptions> options)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(ConnectionKind Kind, long Account), int> _open = new();

    public bool HasCapacity(ConnectionKind kind, long account) => _open.GetValueOrDefault((kind, account)) < GetLimit(kind);

    /// <summary>Opens one more connection until the request ends. Returns the error response if the limit is reached, otherwise null.</summary>
    public IResult? Open(ConnectionKind kind, HttpContext http)
    {
        if (TryOpen(kind, http.User.FindUserId() ?? 0) is not { } open)
        {
            return TooManyOpen(kind);
        }

        http.Response.RegisterForDispose(open);
        return null;
    }

    /// <summary>Returns null if the limit is reached; otherwise dispose the result when the connection closes.</summary>
    public IDisposable? TryOpen(ConnectionKind kind, long account)
    {
        var key = (kind, account);
        if (_open.AddOrUpdate(key, 1, (_, open) => open + 1) <= GetLimit(kind))
        {
            return new Slot(this, key);
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
        var rejection = rest.Value switch
        {
            "" or null => limits.Open(ConnectionKind.Page, http),
            "/negotiate" when !limits.HasCapacity(ConnectionKind.Page, account) => TooManyOpen(ConnectionKind.Page),
            _ => null,
        };
        return rejection is null ? next(http) : rejection.ExecuteAsync(http);
    });

    private static IResult TooManyOpen(ConnectionKind kind)
    {
        var what = kind switch { ConnectionKind.Page => "pages", ConnectionKind.Download => "downloads", _ => "event streams" };
        return ApiProblems.TooManyRequests(RetryAfter, $"This account has too many {what} open. Close one and try again.");
    }

    private int GetLimit(ConnectionKind kind) => kind switch
    {
        ConnectionKind.Page => options.Value.Pages,
        ConnectionKind.Download => options.Value.Streams,
        _ => options.Value.EventStreams,
    };

    private void Close((ConnectionKind Kind, long Account) key)
    {
        if (_open.AddOrUpdate(key, 0, (_, open) => open - 1) == 0)
        {
            _open.TryRemove(new(key, 0));
        }
    }

    private sealed class Slot(ConnectionLimits limits, (ConnectionKind Kind, long Account) key) : IDisposable
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
