using System.IO.Compression;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Accounts.Passwords;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Accounts;

public sealed class CommonPasswordTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("1234567890")]
    [InlineData("password12")]
    [InlineData("qwertyuiop")]
    [InlineData("aaaaaaaaaa")]
    [InlineData("          ")]
    [InlineData("ababababab")]
    [InlineData("catalogizer")]
    [InlineData("Catalogizer2026!")]
    [InlineData("anna.schmidt1")]
    [InlineData("Schmidt-1975")]
    [InlineData("annaschmidt99")]
    [InlineData("P@ssw0rd2026")]
    [InlineData("!!Michelle123")]
    [InlineData("Sunshine2026!")]
    [InlineData("passwordpassword")]
    [InlineData("abcdefghijkl")]
    [InlineData("lkjhgfdsapoiuy")]
    [InlineData("1q2w3e4r5t6y7u")]
    [InlineData("qwerty123456asdfgh")]
    public void Check_EasyToGuess_IsRefused(string password) =>
        Assert.Equal("password", AccountRules.ValidatePassword(password, "anna.schmidt")?.Field);

    [Theory]
    [InlineData("correct horse battery")]
    [InlineData("another password of mine")]
    [InlineData("mein Haus am See")]
    [InlineData("x9$kQ2mz7Lp1")]
    [InlineData("anna likes seven cats")]
    [InlineData("пароль из трёх слов")]
    [InlineData("7f3a9c41d2")]
    public void Check_HardToGuess_Passes(string password) => Assert.Null(AccountRules.ValidatePassword(password, "anna.schmidt"));

    [Fact]
    public void Check_EveryCommonOne_IsRefusedWithDigitsSignsAndCapitalsToo()
    {
        var listed = ReadListedPasswords();
        var random = new Random(TestRun.Seed);
        string[] endings = ["", "1", "12", "123", "!", "2026", "!!", "#1", "007"];
        var passed = new List<string>();
        foreach (var password in listed)
        {
            var ending = endings[random.Next(endings.Length)];
            var changed = (random.Next(3) switch { 0 => char.ToUpperInvariant(password[0]) + password[1..], 1 => password.ToUpperInvariant(), _ => password }) + ending;
            if (changed.Length >= AccountRules.MinPasswordLength && AccountRules.ValidatePassword(changed, null) is null)
            {
                passed.Add(changed);
            }
        }

        Assert.Equal([], passed);
        Assert.True(listed.Count(password => password.Length >= AccountRules.MinPasswordLength) >= 10_000);
    }

    [Fact]
    public void Check_LongestPassword_IsLookedAtInNoTime()
    {
        // Each check reads at most 256 characters of a password, in linear time.
        Assert.NotNull(AccountRules.ValidatePassword(string.Concat(Enumerable.Repeat("qwertyuiop", 25)), "q"));
        Assert.Null(AccountRules.ValidatePassword(new string('1', 128) + new string('!', 64) + "qzj" + new string('9', 61), "qz"));
    }

    [Fact]
    public async Task Doors_All_RefuseAnEasyOneAndChangeNothing()
    {
        const string easy = "Password2026";
        using var fixture = new AccountsFixture();
        var anna = await fixture.AddAsync("anna", Role.Admin);
        var vera = await fixture.AddAsync("vera");
        var link = (await fixture.Get<PasswordLinks>().CreateAsync(anna, vera.UserId!.Value, None)).Value;

        var errors = new[]
        {
            (await fixture.Users.AddAsync(anna, "new", easy, Role.Viewer, None)).Error,
            (await fixture.Users.SetPasswordAsync(anna, vera.UserId.Value, easy, None)).Error,
            (await fixture.Users.SetPasswordAsync(anna, vera.UserId.Value, "vera123456", None)).Error,
            (await fixture.Users.ChangePasswordAsync(vera, AccountsFixture.GoodPassword, easy, None)).Error,
            (await fixture.Get<PasswordLinks>().RedeemAsync(link, easy, null, None)).Error,
            (await fixture.Get<PasswordLinks>().RedeemAsync(link, "Vera-2026!!", null, None)).Error,
        };

        Assert.All(errors, error => Assert.Contains("easy to guess", Assert.IsType<InvalidError>(error).Message, StringComparison.Ordinal));
        Assert.True((await fixture.SignInAsync("vera")).IsOk);
        Assert.True((await fixture.Get<PasswordLinks>().RedeemAsync(link, "a longer one of mine", null, None)).IsOk);
    }

    [Fact]
    public async Task SetUp_EasyPassword_IsRefusedByTheFormAndTheSettings()
    {
        using var fixture = new AccountsFixture();

        Assert.Equal("password", (await fixture.FirstRun.CompleteAsync(fixture.FirstRun.Token, "root", "root123456", null, None)).Error?.Field);
        var settings = new AdminBootstrap(fixture.Users, fixture.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<CatalogDbContext>>(), Microsoft.Extensions.Options.Options.Create(new AdminOptions { UserName = "root", Password = "qwertyuiop" }));
        Assert.Contains("easy to guess", Assert.Throws<StartupException>(settings.Validate).Message, StringComparison.Ordinal);
    }

    private static string[] ReadListedPasswords()
    {
        using var packed = typeof(AccountRules).Assembly.GetManifestResourceStream("common-passwords.txt.gz")!;
        using var text = new StreamReader(new GZipStream(packed, CompressionMode.Decompress));
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
