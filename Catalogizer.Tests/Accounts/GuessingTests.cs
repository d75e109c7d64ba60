using System.Buffers.Binary;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Lockout;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Common;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Accounts;

/// <summary>Guessing is slow for the guesser and locks out no other user.</summary>
public sealed class GuessingTests : IDisposable
{
    private const string WrongPassword = "not it at all";
    private readonly AccountsFixture _accounts = new();

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.0/24")]
    [InlineData("::ffff:192.0.2.200", "192.0.2.0/24")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::9", "2001:db8:1:2::/64")]
    [InlineData("", "unknown")]
    [InlineData(null, "unknown")]
    public void Of_Address_IsItsNetwork(string? address, string network) => Assert.Equal(network, NetworkPrefix.From(address));

    [Fact]
    public async Task Guesses_AThousandFromFiftyNetworks_ShutNobodyOutAndAreBounded()
    {
        await _accounts.AddAsync("anna");
        var device = (await SignInAsync("10.0.0.1")).Value.Device;

        var errors = new List<Error?>();
        for (var guess = 0; guess < 20; guess++)
        {
            for (var network = 1; network <= 50; network++)
            {
                errors.Add((await SignInAsync($"10.1.{network}.{guess + 1}", WrongPassword)).Error);
            }
        }

        Assert.InRange(errors.Count(error => error is InvalidCredentials), 50, AccountRateLimiter.MaxAttempts);
        Assert.All(errors.Where(error => error is not InvalidCredentials), error => Assert.IsType<SignInLocked>(error));
        Assert.True((await SignInAsync("10.9.9.9")).IsOk);
        Assert.True((await SignInAsync("10.1.1.1", device: device)).IsOk);
    }

    [Fact]
    public async Task Lock_AfterFiveFailures_IsForTheirNetworkAlone()
    {
        await _accounts.AddAsync("anna");
        for (var i = 1; i <= 5; i++)
        {
            Assert.IsType<InvalidCredentials>((await SignInAsync($"192.0.2.{i}", WrongPassword)).Error);
        }

        Assert.IsType<SignInLocked>((await SignInAsync("192.0.2.99")).Error);
        Assert.True((await SignInAsync("198.51.100.1")).IsOk);
        Assert.IsType<SignInLocked>((await SignInAsync("192.0.2.1")).Error);
    }

    [Fact]
    public async Task KnownDevice_InANetworkThatGuesses_IsLetInUntilItGuessesItself()
    {
        await _accounts.AddAsync("anna");
        await _accounts.AddAsync("bert");
        var device = (await SignInAsync("192.0.2.1")).Value.Device;
        for (var i = 0; i < 5; i++)
        {
            await SignInAsync("192.0.2.2", WrongPassword);
        }

        Assert.True((await SignInAsync("192.0.2.1", device: device)).IsOk);
        Assert.IsType<SignInLocked>((await SignInAsync("192.0.2.1", device: device[..^2] + "AA")).Error);
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<InvalidCredentials>((await SignInAsync("192.0.2.1", WrongPassword, device)).Error);
        }

        Assert.IsType<SignInLocked>((await SignInAsync("203.0.113.1", device: device)).Error);
        Assert.True((await SignInAsync("203.0.113.1")).IsOk);
        Assert.True((await _accounts.Auth.SignInAsync("bert", AccountsFixture.GoodPassword, new SignInOrigin("192.0.2.1", null, device), default)).IsOk);
    }

    [Fact]
    public async Task KnownDevice_AfterHalfAYear_IsKnownNoMore()
    {
        await _accounts.AddAsync("anna");
        var device = (await SignInAsync("192.0.2.1")).Value.Device;
        Assert.NotNull(_accounts.Auth.ReadDeviceId(device));

        _accounts.Time.Advance(AuthService.DeviceLifetime);

        Assert.Null(_accounts.Auth.ReadDeviceId(device));
    }

    [Fact]
    public void Budget_OfAnAccount_KeepsItsLastForNetworksThatHaveNotFailed()
    {
        var time = new Support.ManualTime();
        var budget = new AccountRateLimiter(time);
        Assert.Equal(40, Enumerable.Range(0, 100).Count(_ => budget.Consume(7, hasFailed: true) is null));
        Assert.Equal(20, Enumerable.Range(0, 100).Count(_ => budget.Consume(7, hasFailed: false) is null));
        Assert.Equal(TimeSpan.FromSeconds(1), budget.Consume(7, hasFailed: false));
        Assert.Equal(TimeSpan.FromSeconds(21), budget.Consume(7, hasFailed: true));
        Assert.Null(budget.Consume(8, hasFailed: true));

        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, Enumerable.Range(0, 100).Count(_ => budget.Consume(7, hasFailed: false) is null));
        budget.Refund(7);
        Assert.Null(budget.Consume(7, hasFailed: false));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(40, Enumerable.Range(0, 100).Count(_ => budget.Consume(7, hasFailed: true) is null));
    }

    [Fact]
    public void Budget_OfManyAccounts_IsBoundedAndForgetsNoneThatIsSpent()
    {
        var budget = new AccountRateLimiter(new Support.ManualTime());
        while (budget.Consume(1, hasFailed: false) is null)
        {
            // Until it is used up.
        }

        for (var account = 2; account < 20_000; account++)
        {
            Assert.Null(budget.Consume(account, hasFailed: true));
        }

        Assert.NotNull(budget.Consume(1, hasFailed: false));
    }

    [Fact]
    public async Task SignIn_HashOfFewerRounds_IsMadeAnew()
    {
        var anna = await _accounts.AddAsync("anna");
        var old = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 500 })).HashPassword(new User(), AccountsFixture.GoodPassword);
        await _accounts.ReadAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, old)));

        Assert.IsType<InvalidCredentials>((await SignInAsync("192.0.2.1", WrongPassword)).Error);
        Assert.Equal(500, await ReadIterationsAsync());
        var session = (await SignInAsync("192.0.2.1")).Value;

        Assert.Equal(2_000, await ReadIterationsAsync());
        Assert.NotNull(await _accounts.Auth.RevalidateAsync(anna.UserId!.Value, session.Account.Stamp, session.Id, default));
        Assert.True((await SignInAsync("192.0.2.1")).IsOk);
    }

    [Fact]
    public void Rounds_OfTheProgram_AreThoseThatAreAskedFor()
    {
        using var services = new ServiceCollection().AddAccounts(new ConfigurationBuilder().Build()).BuildServiceProvider();

        Assert.Equal(210_000, services.GetRequiredService<IOptions<PasswordHasherOptions>>().Value.IterationCount);
    }

    [Fact]
    public async Task Lane_Full_RefusesWhatIsBeyondAndTakesPeopleBeforeUnknownNames()
    {
        using var hasher = new BlockingHasher();
        using var lane = new PasswordHashingQueue(hasher);
        var threads = Math.Max(1, Environment.ProcessorCount / 2);
        var held = Enumerable.Range(0, threads).Select(i => lane.HashAsync(new User(), $"held {i}", default)).ToList();
        await hasher.WaitForStartsAsync(threads);

        var unknown = Enumerable.Range(0, PasswordHashingQueue.MaxQueuedUnknown).Select(i => lane.VerifyAsync(null, null, $"unknown {i}", default)).ToList();
        var known = Enumerable.Range(0, PasswordHashingQueue.MaxQueuedKnown).Select(i => lane.VerifyAsync(new User(), "hash", $"known {i}", default)).ToList();
        Assert.IsType<SignInBusy>((await lane.VerifyAsync(null, null, "one more", default)).Error);
        Assert.IsType<SignInBusy>((await lane.VerifyAsync(new User(), "hash", "one more", default)).Error);
        hasher.Release();

        Assert.All(await Task.WhenAll(held), hash => Assert.True(hash.IsOk));
        Assert.All(await Task.WhenAll([.. known, .. unknown]), verified => Assert.True(verified.IsOk));
        var order = hasher.Completed.ToList();
        Assert.True(order.FindIndex(p => p.StartsWith("unknown", StringComparison.Ordinal)) >= threads + PasswordHashingQueue.MaxQueuedKnown - threads + 1, string.Join(' ', order));
        Assert.True((await lane.HashAsync(new User(), "afterwards", default)).IsOk);
    }

    [Fact]
    public async Task Lane_CallerHungUp_HashesNothing()
    {
        using var hasher = new BlockingHasher();
        using var lane = new PasswordHashingQueue(hasher);
        var threads = Math.Max(1, Environment.ProcessorCount / 2);
        var held = Enumerable.Range(0, threads).Select(i => lane.HashAsync(new User(), $"held {i}", default)).ToList();
        await hasher.WaitForStartsAsync(threads);
        using var hungUp = new CancellationTokenSource();
        var waiting = lane.HashAsync(new User(), "nobody waits", hungUp.Token);

        await hungUp.CancelAsync();
        hasher.Release();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Task.WhenAll(held);
        Assert.DoesNotContain("nobody waits", hasher.Completed);
    }

    public void Dispose() => _accounts.Dispose();

    private Task<Result<BrowserSession>> SignInAsync(string address, string password = AccountsFixture.GoodPassword, string? device = null) =>
        _accounts.Auth.SignInAsync("anna", password, new SignInOrigin(address, "a test", device), default);

    /// <summary>Identity's third format stores the iterations after one byte for the format and four for the function.</summary>
    private Task<int> ReadIterationsAsync() => _accounts.ReadAsync(async db => BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String((await db.Users.SingleAsync()).PasswordHash!).AsSpan(5)));

    /// <summary>Signals each start, and blocks until released.</summary>
    private sealed class BlockingHasher : IPasswordHasher<User>, IDisposable
    {
        private readonly ManualResetEventSlim _released = new();
        private readonly SemaphoreSlim _started = new(0);

        public System.Collections.Concurrent.ConcurrentQueue<string> Completed { get; } = [];

        public async Task WaitForStartsAsync(int times)
        {
            for (; times > 0; times--)
            {
                Assert.True(await _started.WaitAsync(TimeSpan.FromMinutes(1)));
            }
        }

        public void Release() => _released.Set();

        public string HashPassword(User user, string password)
        {
            _started.Release();
            _released.Wait();
            Completed.Enqueue(password);
            return "hash";
        }

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Completed.Enqueue(providedPassword);
            return PasswordVerificationResult.Success;
        }

        public void Dispose()
        {
            _released.Set();
            _released.Dispose();
            _started.Dispose();
        }
    }
}
