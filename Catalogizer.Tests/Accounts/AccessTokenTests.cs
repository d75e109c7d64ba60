using System.Text;
using System.Text.Json;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Catalogizer.Tests.Accounts;

public sealed class AccessTokenTests : IDisposable
{
    private readonly AccountsFixture _accounts = new();

    [Fact]
    public async Task LogIn_Token_CarriesTheClaims()
    {
        var anna = await _accounts.AddAsync("anna", Role.Editor);

        var tokens = (await _accounts.LogInAsync("anna")).Value;

        var claims = JsonDocument.Parse(Base64UrlEncoder.Decode(tokens.AccessToken.Split('.')[1])).RootElement;
        Assert.Equal(anna.UserId, claims.GetProperty("user_id").GetInt64());
        Assert.Equal("anna", claims.GetProperty("username").GetString());
        Assert.Equal("editor", claims.GetProperty("role").GetString());
        Assert.Equal(["media.view", "sources.view", "sources.paths", "media.edit"], claims.GetProperty("permissions").EnumerateArray().Select(p => p.GetString()));
        Assert.Equal("catalogizer", claims.GetProperty("iss").GetString());
        Assert.Equal("catalogizer.api", claims.GetProperty("aud").GetString());
        Assert.Equal(_accounts.Time.GetUtcNow().AddMinutes(15), DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64()));
        Assert.Equal(tokens.ExpiresAt, DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64()));
        Assert.NotEmpty(claims.GetProperty("jti").GetString()!);
    }

    [Fact]
    public async Task Read_BeforeItExpires_GivesTheAccount()
    {
        var tokens = await CreateTokensAsync();
        _accounts.Time.Advance(TimeSpan.FromSeconds(899));

        Assert.Equal("anna", (await _accounts.ReadAsync(tokens.AccessToken))?.Name);
    }

    [Fact]
    public async Task Read_OnceExpired_GivesNobody()
    {
        var tokens = await CreateTokensAsync();
        _accounts.Time.Advance(TimeSpan.FromMinutes(15));

        Assert.Null(await _accounts.ReadAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Read_ClockSetBack_GivesNobody()
    {
        var tokens = await CreateTokensAsync();
        _accounts.Time.SetClock(_accounts.Time.GetUtcNow().AddYears(-1));

        Assert.Null(await _accounts.ReadAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Read_AlteredClaims_GivesNobody()
    {
        var parts = (await CreateTokensAsync()).AccessToken.Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]).Replace("\"viewer\"", "\"admin\"", StringComparison.Ordinal);

        Assert.Null(await _accounts.ReadAsync($"{parts[0]}.{Base64UrlEncoder.Encode(claims)}.{parts[2]}"));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    public async Task Read_AlgorithmNone_GivesNobody(string algorithm)
    {
        var claims = (await CreateTokensAsync()).AccessToken.Split('.')[1];
        var header = Base64UrlEncoder.Encode($$"""{"alg":"{{algorithm}}","typ":"JWT"}""");

        Assert.Null(await _accounts.ReadAsync($"{header}.{claims}."));
    }

    [Theory]
    [InlineData("catalogizer", "somebody.else", true)]
    [InlineData("somebody.else", "catalogizer.api", true)]
    [InlineData("catalogizer", "catalogizer.api", false)]
    public async Task Read_OtherAudienceOrIssuerOrKey_GivesNobody(string issuer, string audience, bool ourKey)
    {
        var good = new JsonWebToken((await CreateTokensAsync()).AccessToken);
        var key = ourKey ? await _accounts.Get<SigningKey>().GetAsync(CancellationToken.None) : Encoding.UTF8.GetBytes(new string('k', 64));

        Assert.Null(await _accounts.ReadAsync(Forge(good, issuer, audience, key, SecurityAlgorithms.HmacSha256)));
    }

    [Fact]
    public async Task Read_OtherAlgorithmWithOurKey_GivesNobody()
    {
        var good = new JsonWebToken((await CreateTokensAsync()).AccessToken);
        var key = await _accounts.Get<SigningKey>().GetAsync(CancellationToken.None);

        Assert.Null(await _accounts.ReadAsync(Forge(good, "catalogizer", "catalogizer.api", key, SecurityAlgorithms.HmacSha512)));
        Assert.NotNull(await _accounts.ReadAsync(Forge(good, "catalogizer", "catalogizer.api", key, SecurityAlgorithms.HmacSha256)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("a.b.c")]
    [InlineData("....")]
    public async Task Read_NoToken_GivesNobody(string token) => Assert.Null(await _accounts.ReadAsync(token));

    [Fact]
    public async Task Read_AfterARestart_IsStillGood()
    {
        var tokens = await CreateTokensAsync();

        _accounts.Restart();

        Assert.NotNull(await _accounts.ReadAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task SigningKey_InTheSettings_IsSealed()
    {
        var key = await _accounts.Get<SigningKey>().GetAsync(CancellationToken.None);

        var storedKey = await _accounts.ReadAsync(db => Task.FromResult(db.Settings.Single(s => s.Key == "accounts:signingKey").Value));

        Assert.Equal(64, key.Length);
        Assert.Equal(-1, Convert.FromBase64String(storedKey).AsSpan().IndexOf(key));
    }

    public void Dispose() => _accounts.Dispose();

    private static string Forge(JsonWebToken like, string issuer, string audience, byte[] key, string algorithm) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            Expires = like.ValidTo,
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(key), algorithm),
            Claims = new Dictionary<string, object> { ["user_id"] = like.GetClaim("user_id").Value, ["stamp"] = like.GetClaim("stamp").Value, ["api_session"] = like.GetClaim("api_session").Value },
        });

    private async Task<ApiTokens> CreateTokensAsync()
    {
        await _accounts.AddAsync("anna");
        return (await _accounts.LogInAsync("anna")).Value;
    }
}
