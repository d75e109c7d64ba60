using Catalogizer.Domain.Accounts;

namespace Catalogizer.Web.Accounts;

/// <summary>
/// For a request that stays open: ends it when whoever sent it may not stay. Asked whenever an account changes here, and once a
/// minute for what nobody told of, a key's end for instance.
/// </summary>
internal sealed class Admission : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _ended = new();
    private readonly HttpContext _http;
    private readonly AuthService _auth;
    private readonly ApiKeys _keys;
    private readonly IDisposable _listening;
    private readonly ITimer _timer;

    public Admission(HttpContext http, AuthService auth, ApiKeys keys, TimeProvider time)
    {
        (_http, _auth, _keys, Ended) = (http, auth, keys, _ended.Token);
        var own = http.User.FindUserId();
        _listening = auth.OnChange(id => _ = id == own ? Task.Run(LookAsync) : Task.CompletedTask);
        _timer = time.CreateTimer(_ => _ = LookAsync(), null, Interval, Interval);
    }

    public CancellationToken Ended { get; }

    public void Dispose()
    {
        _listening.Dispose();
        _timer.Dispose();
        _ended.Dispose();
    }

    private async Task<bool> KeyStandsAsync() =>
        !_http.Request.CarriesBearer() || !BearerHandler.IsKey(BearerHandler.TokenOf(_http.Request)) || await _keys.ValidateAsync(BearerHandler.TokenOf(_http.Request), Ended) is not null;

    private async Task LookAsync()
    {
        try
        {
            if (await _auth.RevalidateAsync(_http.User, Ended) is null || !await KeyStandsAsync())
            {
                await _ended.CancelAsync();
            }
        }
        catch (Exception exception) when (exception is ObjectDisposedException or OperationCanceledException)
        {
            // It ended meanwhile by itself.
        }
    }
}
