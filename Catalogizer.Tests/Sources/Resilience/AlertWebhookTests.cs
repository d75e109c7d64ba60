using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Sources.Resilience;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Catalogizer.Tests.Sources.Resilience;

/// <summary>Alerts arrive signed at a real receiver, and nowhere else.</summary>
public sealed class AlertWebhookTests
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Alert_IsPostedAndSigned()
    {
        var received = new TaskCompletionSource<(string Path, string Signature, byte[] Body)>();
        await using var receiver = await StartReceiverAsync(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            received.TrySetResult((http.Request.Path, http.Request.Headers[AlertWebhook.SignatureHeader].ToString(), body.ToArray()));
        });

        await SendAsync(receiver, "/hook", received.Task);

        var (path, signature, body) = await received.Task;
        Assert.Equal("/hook", path);
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes("Kanarienvogel"), body)), signature);
        var payload = JsonDocument.Parse(body).RootElement;
        Assert.Equal(("source.alert", "Films", true, "Off."), (payload.GetProperty("event").GetString(), payload.GetProperty("source").GetString(), payload.GetProperty("isAway").GetBoolean(), payload.GetProperty("why").GetString()));
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        var (asked, again) = (new List<string>(), new TaskCompletionSource());
        await using var receiver = await StartReceiverAsync(http =>
        {
            lock (asked)
            {
                asked.Add(http.Request.Path);
                if (asked.Count == 3)
                {
                    again.TrySetResult();
                }
            }

            http.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });

        await SendAsync(receiver, "/hook", again.Task);

        Assert.Equal(["/hook", "/hook", "/hook"], asked);
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/x")]
    [InlineData("/hook")]
    public void Address_OfAnotherKind_IsRefused(string address) =>
        Assert.NotEmpty(new AlertOptions { WebhookUrl = new Uri(address, UriKind.RelativeOrAbsolute) }.Validate(new(new object())));

    private static async Task SendAsync(WebApplication receiver, string path, Task arrived)
    {
        var events = new EventStreamer(TimeProvider.System);
        var options = Options.Create(new AlertOptions { WebhookUrl = new Uri(receiver.Urls.First() + path), WebhookSecret = "Kanarienvogel" });
        using var webhook = new AlertWebhook(options, events, new AcceleratedTime(), NullLogger<AlertWebhook>.Instance);
        await webhook.StartAsync(default);
        events.Publish(new SourceAlert(1, "Films", true, "Off."));
        await arrived.WaitAsync(WaitTimeout);
        await webhook.StopAsync(default);
    }

    private static async Task<WebApplication> StartReceiverAsync(RequestDelegate receive)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(receive);
        await app.StartAsync();
        return app;
    }
}
