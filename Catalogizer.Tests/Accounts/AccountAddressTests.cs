using System.Net;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Http;

namespace Catalogizer.Tests.Accounts;

public class AccountAddressTests
{
    [Theory]
    [InlineData("/library?type=movie", "/library?type=movie")]
    [InlineData("/", "/")]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("library", "")]
    [InlineData("https://example.org/", "")]
    [InlineData("//example.org", "")]
    [InlineData("/\\example.org", "")]
    [InlineData("\\\\example.org", "")]
    [InlineData("/\t/example.org", "")]
    [InlineData("/\n/example.org", "")]
    [InlineData("javascript:alert(1)", "")]
    [InlineData(" /x", "")]
    public void LocalOrHome_ForeignAddress_IsTheHomePage(string? given, string expected) =>
        Assert.Equal(expected, AccountPaths.LocalOrHome(given));

    [Theory]
    [InlineData("http://0.0.0.0:8080", "http://localhost:8080/setup?token=t")]
    [InlineData("http://[::]:8080", "http://localhost:8080/setup?token=t")]
    [InlineData("http://+:8080", "http://localhost:8080/setup?token=t")]
    [InlineData("http://*:8080", "http://localhost:8080/setup?token=t")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/setup?token=t")]
    [InlineData("https://media.example.org:8443", "https://media.example.org:8443/setup?token=t")]
    [InlineData("http://[::1]:80", "http://[::1]:80/setup?token=t")]
    public void SetupLink_ListeningEverywhere_IsShownAsThisMachine(string address, string link) =>
        Assert.Equal(link, SetupLink.Create(address, "t"));

    [Fact]
    public void SetupLink_Printed_StandsAloneOnItsLine()
    {
        using var console = new StringWriter();

        SetupLink.Print(console, SetupLink.Create("http://0.0.0.0:8080", "t"));

        Assert.Contains("http://localhost:8080/setup?token=t", console.ToString().Split('\n').Select(line => line.Trim()));
    }

    [Theory]
    [InlineData("http", "localhost", "127.0.0.1", null, false)]
    [InlineData("http", "127.0.0.1", "127.0.0.1", null, false)]
    [InlineData("http", "[::1]", "::1", null, false)]
    [InlineData("https", "nas.local", "192.0.2.7", null, false)]
    [InlineData("http", "nas.local", "192.0.2.7", "https", false)]
    [InlineData("http", "nas.local", "192.0.2.7", null, true)]
    [InlineData("http", "nas.local", "127.0.0.1", null, true)]
    [InlineData("http", "localhost", "192.0.2.7", null, true)]
    public void PlainHttp_BeyondThisMachine_IsExposed(string scheme, string host, string from, string? proxied, bool exposed)
    {
        var http = new DefaultHttpContext();
        http.Request.Scheme = scheme;
        http.Request.Host = new HostString(host);
        http.Connection.RemoteIpAddress = IPAddress.Parse(from);
        if (proxied is not null)
        {
            http.Request.Headers["X-Forwarded-Proto"] = proxied;
        }

        Assert.Equal(exposed, PlainHttp.IsExposed(http));
    }
}
