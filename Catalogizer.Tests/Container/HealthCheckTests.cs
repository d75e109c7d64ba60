using System.Net;
using System.Net.Sockets;
using System.Text;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Container;

/// <summary>The image's health check against a listener with given responses.</summary>
public class HealthCheckTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK", 0)]
    [InlineData("HTTP/1.1 503 Service Unavailable", 1)]
    [InlineData("HTTP/1.1 404 Not Found", 1)]
    [InlineData("", 1)]
    public async Task HealthCheck_AsTheProgramAnswers_SoItEnds(string response, int exitCode)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = RespondOnceAsync(listener, response);

        var check = await RunCheckAsync($"http://+:{((IPEndPoint)listener.LocalEndpoint).Port}");

        Assert.Equal(exitCode, check.ExitCode);
        Assert.Equal("GET /health/live HTTP/1.1", await asked);
    }

    [Fact]
    public async Task HealthCheck_SeveralAddresses_AsksTheFirstPlainOne()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var asked = RespondOnceAsync(listener, "HTTP/1.1 200 OK");

        var check = await RunCheckAsync($"https://+:1;http://0.0.0.0:{((IPEndPoint)listener.LocalEndpoint).Port}/;http://+:2");

        Assert.Equal(0, check.ExitCode);
        await asked;
    }

    [Fact]
    public async Task HealthCheck_NobodyListens_Fails()
    {
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        Assert.NotEqual(0, (await RunCheckAsync($"http://+:{port}")).ExitCode);
    }

    private static Task<CommandRun> RunCheckAsync(string addresses) => CommandRun.ExecuteAsync(
        RepositoryRoot.Folder, new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = addresses }, "bash", "build/healthcheck.sh");

    private static async Task<string?> RespondOnceAsync(TcpListener listener, string response)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var request = await reader.ReadLineAsync();
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
            // Reads the request's headers, so that closing the connection does not cut off the response.
        }

        if (response.Length > 0)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(response + "\r\nContent-Length: 0\r\n\r\n"));
        }

        return request;
    }
}
