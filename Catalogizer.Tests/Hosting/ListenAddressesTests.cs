using System.Net;
using System.Net.Sockets;
using Catalogizer.Domain.Common;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Hosting;
using Microsoft.Extensions.Configuration;

namespace Catalogizer.Tests.Hosting;

public sealed class ListenAddressesTests : IDisposable
{
    private readonly TcpListener _otherListener = new(IPAddress.Loopback, 0);
    private readonly TemporaryFolder _home = new();

    public ListenAddressesTests() => _otherListener.Start();

    private int TakenPort => ((IPEndPoint)_otherListener.LocalEndpoint).Port;

    [Theory]
    [InlineData("http://127.0.0.1:{0}")]
    [InlineData("http://localhost:{0}")]
    [InlineData("http://+:{0}")]
    [InlineData("http://nas:{0}/")]
    public void Validate_PortTaken_NamesAddressAndSetting(string form)
    {
        var address = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, TakenPort);

        Assert.Equal($"Cannot listen on {address}: another program does already. Stop it, or choose another port in ASPNETCORE_URLS.", FindProblem(("urls", address)));
    }

    [Fact]
    public void Validate_AddressOfAnotherMachine_SaysSo() =>
        Assert.Equal("Cannot listen on http://192.0.2.1:8080: this machine has no such address. Choose another in ASPNETCORE_URLS.", FindProblem(("urls", "http://192.0.2.1:8080")));

    [Theory]
    [InlineData("8080")]
    [InlineData("localhost:8080")]
    [InlineData("ftp://localhost:8080")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://127.0.0.1:http")]
    [InlineData("http://127.0.0.1:8080/catalogizer")]
    [InlineData("http://localhost:0")]
    public void Validate_NoAddress_ShowsOne(string address) =>
        Assert.Equal($"Cannot listen on “{address}”, which is no such address. Write one like http://localhost:8080 into ASPNETCORE_URLS.", FindProblem(("urls", address)));

    [Fact]
    public void Validate_Several_TellsOfEachThatIsWrong()
    {
        var problems = FindProblem(("urls", $"http://127.0.0.1:0; nonsense ;http://127.0.0.1:{TakenPort}"))!.Split('\n');

        Assert.Equal(2, problems.Length);
    }

    [Fact]
    public void Validate_OtherSettings_NamesTheOneThatCounts()
    {
        Assert.EndsWith("choose another port in ASPNETCORE_HTTP_PORTS.", FindProblem(("http_ports", $"{TakenPort}")), StringComparison.Ordinal);
        Assert.EndsWith(
            "choose another port in Kestrel:Endpoints:Web:Url.",
            FindProblem(("urls", "http://127.0.0.1:0"), ("Kestrel:Endpoints:Web:Url", $"http://127.0.0.1:{TakenPort}")),
            StringComparison.Ordinal);
        Assert.Null(FindProblem(("urls", "http://127.0.0.1:0"), ("http_ports", $"{TakenPort}")));
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://*:0")]
    [InlineData("http://unix:/run/catalogizer.sock")]
    [InlineData("")]
    public void Validate_AddressThatCanBeHad_IsSilent(string address) => Assert.Null(FindProblem(("urls", address)));

    /// <summary>Nothing has started by then: the server has no log output, and the error log no row.</summary>
    [Fact]
    [Trait("Category", "Server")]
    public async Task Run_PortTaken_EndsWithOneSentenceAndNoRow()
    {
        Directory.CreateDirectory(_home.PathOf("data"));
        await using (var catalog = new TestCatalog(home: _home))
        {
            await catalog.AddSourceAsync();
        }

        var run = await RunAsync([], [], $"http://127.0.0.1:{TakenPort}");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Equal($"Cannot listen on http://127.0.0.1:{TakenPort}: another program does already. Stop it, or choose another port in ASPNETCORE_URLS.", run.Errors.Trim());
        await using var after = new TestCatalog(home: _home);
        Assert.Equal(0, after.Count("SELECT count(*) FROM error_logs"));
    }

    [UnprivilegedUserFact]
    [Trait("Category", "Server")]
    public async Task Run_ForbiddenPort_EndsWithOneSentence()
    {
        UnprivilegedUser.GiveOwnership(_home.Path);

        var run = await RunAsync(UnprivilegedUser.CommandPrefix, UnprivilegedUser.EnvironmentVariables, "http://127.0.0.1:1");

        Assert.Equal((1, "Cannot listen on http://127.0.0.1:1: this user may not use that port. Choose one from 1024 on in ASPNETCORE_URLS."), (run.ExitCode, run.Errors.Trim()));
    }

    public void Dispose()
    {
        _otherListener.Dispose();
        _home.Dispose();
    }

    private static string? FindProblem(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
        return Record.Exception(() => ListenAddresses.Validate(configuration)) switch
        {
            null => null,
            var problem => Assert.IsType<StartupException>(problem).Message,
        };
    }

    private Task<CommandRun> RunAsync(IReadOnlyList<string> wrapper, IEnumerable<KeyValuePair<string, string?>> more, string address)
    {
        var variables = new Dictionary<string, string?>(more) { ["CATALOGIZER_HOME"] = _home.Path, ["ASPNETCORE_URLS"] = address, ["CATALOGIZER_DB_KEY"] = TestCatalog.Key };
        string[] command = [.. wrapper, "dotnet", Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll")];
        return CommandRun.ExecuteAsync(_home.Path, variables, command[0], command[1..]);
    }
}
