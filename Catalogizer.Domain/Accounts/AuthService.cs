using Catalogizer.Domain.Accounts.Lockout;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Accounts;

/// <summary>The tokens of an API session.</summary>
public sealed record ApiTokens(string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken);

/// <summary>A new session of a browser.</summary>
/// <param name="Device">The cookie that identifies the browser at its next sign-in, for <see cref="AuthService.DeviceLifetime"/>.</param>
public sealed record BrowserSession(Account Account, string Id, string Device);

/// <summary>Signs users in and out, on the pages and over the API, and checks whether their sessions and tokens are still valid.</summary>
public sealed class AuthService
{
    private readonly PasswordCheck _passwords;
    private readonly AccountReader _accounts;
    private readonly Sessions _sessions;
    private readonly AccessTokens _accessTokens;
    private readonly RefreshTokens _refreshTokens;
    private readonly KnownDevices _devices;
    private readonly AuditLog _audit;

    internal AuthService(PasswordCheck passwords, AccountReader accounts, Sessions sessions, AccessTokens accessTokens, RefreshTokens refreshTokens, KnownDevices devices, AuditLog audit) =>
        (_passwords, _accounts, _sessions, _accessTokens, _refreshTokens, _devices, _audit) = (passwords, accounts, sessions, accessTokens, refreshTokens, devices, audit);

    /// <summary>How long a browser stays signed in without being used.</summary>
    public static TimeSpan SessionLifetime => Sessions.Lifetime;

    /// <summary>How long a browser is recognised after a sign-in.</summary>
    public static TimeSpan DeviceLifetime => KnownDevices.Lifetime;

    /// <summary>The device id in a device cookie; null if the cookie is invalid.</summary>
    public string? ReadDeviceId(string? cookie) => _devices.ReadCookie(cookie)?.Device;

    /// <summary>Signs a browser in. Returns <see cref="TwoFactorRequired"/> if a two-factor code must follow.</summary>
    public async Task<Result<BrowserSession>> SignInAsync(string name, string password, SignInOrigin origin, CancellationToken cancellation)
    {
        var account = await _passwords.CheckAsync(name, password, code: null, origin, cancellation);
        return account.IsOk ? await OpenSessionAsync(account.Value, origin, cancellation) : account.Error!;
    }

    /// <summary>The second step: signs a browser in with a two-factor code, after a correct password.</summary>
    public async Task<Result<BrowserSession>> SignInWithCodeAsync(string? ticket, string? code, SignInOrigin origin, CancellationToken cancellation)
    {
        var account = await _passwords.CheckCodeAsync(ticket, code, origin, cancellation);
        return account.IsOk ? await OpenSessionAsync(account.Value, origin, cancellation) : account.Error!;
    }

    /// <summary>Opens a session for a user who has just been authenticated.</summary>
    public async Task<BrowserSession> OpenSessionAsync(Account account, SignInOrigin origin, CancellationToken cancellation) =>
        new(account, await _sessions.OpenAsync(account, origin, SessionKind.Browser, cancellation), _devices.CreateCookie(account.Id));

    /// <summary>Lists the browsers and scripts in which the actor is signed in.</summary>
    /// <exception cref="PermissionDeniedException">The actor is not a user in a signed-in browser.</exception>
    public Task<IReadOnlyList<SessionView>> ListSessionsAsync(Actor actor, CancellationToken cancellation) => _sessions.ListAsync(actor.RequireOwnAccount(), cancellation);

    /// <summary>Ends one of the actor's own sessions.</summary>
    /// <exception cref="PermissionDeniedException">The actor is not a user in a signed-in browser.</exception>
    public async Task EndSessionAsync(Actor actor, string session, CancellationToken cancellation)
    {
        var id = actor.RequireOwnAccount();
        await _sessions.EndAsync(id, session, _audit.CreateEntry(actor, "accounts.endSession", $"user:{id}"), cancellation);
    }

    /// <summary>Calls <paramref name="changed"/> with the account id after each change of an account or its sessions, until the result is disposed.</summary>
    public IDisposable OnChange(Action<long> changed)
    {
        _accounts.Changed += changed;
        return new Subscription(() => _accounts.Changed -= changed);
    }

    public Task RenewSessionAsync(long userId, string session, CancellationToken cancellation) => _sessions.RenewAsync(userId, session, cancellation);

    /// <summary>Ends the session of a cookie or an access token.</summary>
    public async Task SignOutAsync(Actor actor, string? session, CancellationToken cancellation)
    {
        if (actor.UserId is not { } id)
        {
            return;
        }

        if (session is not null)
        {
            await _sessions.EndAsync(id, session, _audit.CreateEntry(actor, "accounts.signOut", $"user:{id}"), cancellation);
        }
    }

    /// <summary>Signs a script in over the API.</summary>
    public async Task<Result<ApiTokens>> LogInAsync(string name, string password, string? code, SignInOrigin origin, CancellationToken cancellation)
    {
        var account = await _passwords.CheckAsync(name, password, code, origin, cancellation);
        if (!account.IsOk)
        {
            return account.Error!;
        }

        var session = await _sessions.OpenAsync(account.Value, origin, SessionKind.Api, cancellation);
        return await CreateTokensAsync(account.Value, session, await _refreshTokens.IssueAsync(account.Value, session, cancellation), cancellation);
    }

    /// <summary>Exchanges a refresh token for new tokens. This spends the refresh token.</summary>
    public async Task<Result<ApiTokens>> RefreshAsync(string refreshToken, string? address, CancellationToken cancellation)
    {
        var next = await _refreshTokens.RotateAsync(refreshToken, address, cancellation);
        return next.IsOk ? await CreateTokensAsync(next.Value.Account, next.Value.Session, next.Value.Token, cancellation) : next.Error!;
    }

    /// <summary>Returns the holder of an access token; null if the token is not or no longer valid.</summary>
    public Task<TokenHolder?> ValidateTokenAsync(string accessToken, CancellationToken cancellation) => _accessTokens.ValidateAsync(accessToken, cancellation);

    /// <summary>Returns the account behind a cookie or a circuit; null if it was disabled, removed, signed out or changed since.</summary>
    public ValueTask<Account?> RevalidateAsync(long userId, string? stamp, string? session, CancellationToken cancellation) =>
        _accounts.FindAsync(userId, stamp, session, cancellation);

    private async Task<ApiTokens> CreateTokensAsync(Account account, string session, string refreshToken, CancellationToken cancellation)
    {
        var (token, expiresAt) = await _accessTokens.IssueAsync(account, session, cancellation);
        return new ApiTokens(token, expiresAt, refreshToken);
    }

    private sealed class Subscription(Action unsubscribe) : IDisposable
    {
        public void Dispose() => unsubscribe();
    }
}
