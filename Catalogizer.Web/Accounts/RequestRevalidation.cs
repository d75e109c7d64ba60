using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Tokens;

namespace Catalogizer.Web.Accounts;

/// <summary>
/// Ends a request that stays open when its sender loses access. Checks whenever this process changes the account, and once a
/// minute for changes that raise no event, such as the expiry of an API key.
/// </summary>
internal sealed class RequestRevalidation : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _ended = new();
    private readonly HttpContext _http;
    private readonly AuthService _auth;
    private readonly ApiKeys _keys;
    private readonly IDisposable _subscription;
    private readonly ITimer _timer;

    public RequestRevalidation(HttpContext http, AuthService auth, ApiKeys keys, TimeProvider time)
    {
        (_http, _auth, _keys, Ended) = (http, auth, keys, _ended.Token);
        var userId = http.User.FindUserId();
        _subscription = auth.OnChange(id => _ = id == userId ? Task.Run(RevalidateAsync) : Task.CompletedTask);
        _timer = time.CreateTimer(_ => _ = RevalidateAsync(), null, Interval, Interval);
    }

    public CancellationToken Ended { get; }

    public void Dispose()
    {
        _subscription.Dispose();
        _timer.Dispose();
        _ended.Dispose();
    }

    private async Task<bool> IsKeyValidAsync() =>
        !_http.Request.HasBearerToken() || !BearerHandler.IsApiKey(BearerHandler.GetToken(_http.Request)) || await _keys.ValidateAsync(BearerHandler.GetToken(_http.Request), Ended) is not null;

    private async Task RevalidateAsync()
    {
        try
        {
            if (await _auth.RevalidateAsync(_http.User, Ended) is null || !await IsKeyValidAsync())
            {
                await _ended.CancelAsync();
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or OperationCanceledException)
        {
            // The request has ended meanwhile.
        }
    }
}
