using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Catalogizer.Domain.Metadata;

namespace Catalogizer.Tests.Metadata;

public sealed class ProviderTlsTests
{
    [Fact]
    public async Task Certificate_ThatNobodyTrusts_IsRefusedForTrustedAddressesToo()
    {
        using var certificate = CreateSelfSigned();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, certificate);
        using var http = new ProviderHttpClients();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.For(isTrusted: true).GetAsync($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));

        Assert.Contains("UntrustedRoot", Assert.IsType<AuthenticationException>(refused.InnerException).Message, StringComparison.Ordinal);
        Assert.Equal(0, await serving);
    }

    /// <returns>The number of request bytes that arrived.</returns>
    private static async Task<int> ServeAsync(TcpListener listener, X509Certificate2 certificate)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(certificate);
            return await stream.ReadAsync(new byte[1]);
        }
        catch (Exception exception) when (exception is IOException or AuthenticationException)
        {
            return 0;
        }
    }

    /// <summary>Invalid only because of who signed it.</summary>
    private static X509Certificate2 CreateSelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
