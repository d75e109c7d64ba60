using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Api;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>Sends known secrets through every input while everything is logged, then searches all output for them.</summary>
[Trait("Category", "Server")]
public sealed class SecretsCanaryTests
{
    private const string DatabaseKey = "canary-database-key-7c1f";
    private const string AdminPassword = "canary admin password 51d0";
    private const string WrongPassword = "canary wrong password 9a44";
    private const string SharePassword = "canary-share-password-e2b8";
    private const string WebhookSecret = "canary-webhook-secret-03fa";
    private const string MetricsToken = "canary-metrics-token-77d2";
    private const string ProviderKey = "canary-provider-key-44ce";
    private const string QueryToken = "canary-query-token-c6e1";
    private const string QuerySecret = "canary-api-key-18bb";

    private readonly List<string> _responses = [];

    [Theory]
    [InlineData("Json")]
    [InlineData("Text")]
    public async Task Story_AtTraceLevel_TellsNoSecret(string format)
    {
        var secrets = new List<string> { DatabaseKey, AdminPassword, WrongPassword, SharePassword, WebhookSecret, MetricsToken, ProviderKey, QueryToken, QuerySecret };
        await using var server = new ServerProcess
        {
            OutputLines = [],
            EnvironmentVariables =
            {
                ["CATALOGIZER_DB_KEY"] = DatabaseKey,
                ["CATALOGIZER__ADMIN__USERNAME"] = "root",
                ["CATALOGIZER__ADMIN__PASSWORD"] = AdminPassword,
                ["CATALOGIZER__ALERTS__WEBHOOKURL"] = "http://127.0.0.1:9/hook",
                ["CATALOGIZER__ALERTS__WEBHOOKSECRET"] = WebhookSecret,
                ["CATALOGIZER__METRICS__TOKEN"] = MetricsToken,
                ["CATALOGIZER__METADATA__OMDB__APIKEY"] = ProviderKey,
                ["CATALOGIZER__METADATA__OMDB__BASEADDRESS"] = "http://127.0.0.1:9/",
                ["CATALOGIZER__METADATA__TMDB__APIKEY"] = ProviderKey,
                ["CATALOGIZER__METADATA__TMDB__BASEADDRESS"] = "http://127.0.0.1:9/3/",
                ["CATALOGIZER__LOGGING__FORMAT"] = format,
                ["Logging__LogLevel__Default"] = "Trace",
                ["Logging__LogLevel__Microsoft"] = "Trace",
                ["Logging__LogLevel__Microsoft.AspNetCore.DataProtection"] = "Trace",
                ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Trace",
                ["Logging__LogLevel__Quartz"] = "Trace",
            },
        };
        server.Write("films/A Film (2001).mkv");
        await server.StartAsync();
        using (var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address })
        {
            await SendSecretsAsync(client, server, secrets);
        }

        await server.KillAsync();

        foreach (var secret in secrets)
        {
            AssertHidden(secret, server.OutputLines, "the log");
            AssertHidden(secret, _responses, "an answer");
            AssertHidden(secret, ReadRows(server.PathOf("data/catalogizer.db"), "SELECT user_name || coalesce(target, '') || coalesce(before, '') || coalesce(after, '') FROM audit_logs"), "the audit log");
            AssertHidden(secret, ReadRows(server.PathOf("data/catalogizer.db"), "SELECT message || place || kind || coalesce(details, '') FROM error_logs"), "the errors");
        }

        Assert.True(server.OutputLines.Count > 300, $"{server.OutputLines.Count} lines");
    }

    private async Task SendSecretsAsync(HttpClient client, ServerProcess server, List<string> secrets)
    {
        await SendAsync(client.PostAsJsonAsync("/api/v1/auth/login", new { username = "root", password = WrongPassword }));
        await SendAsync(client.PostAsJsonAsync("/api/v1/auth/login", new { username = WrongPassword, password = "x" }));
        var tokens = await ApiServer.AssertOkAsync(await client.PostAsJsonAsync("/api/v1/auth/login", new { username = "root", password = AdminPassword }));
        var renewed = await ApiServer.AssertOkAsync(await client.PostAsJsonAsync("/api/v1/auth/refresh", new { refreshToken = tokens.GetProperty("refreshToken").GetString() }));
        foreach (var response in (System.Text.Json.JsonElement[])[tokens, renewed])
        {
            secrets.Add(response.GetProperty("accessToken").GetString()!);
            secrets.Add(response.GetProperty("refreshToken").GetString()!);
        }

        await SendAsync(client.GetAsync($"/setup?token={QueryToken}"));
        await SendAsync(client.GetAsync($"/api/v1/media?access_token={QueryToken}&api_key={QuerySecret}"));
        await SendAsync(client.GetAsync($"/sign-in?returnUrl=%2Flibrary%3Ftoken%3D{QueryToken}"), keep: false);

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", MetricsToken);
        await SendAsync(client.GetAsync("/metrics"));
        await SendAsync(client.GetAsync("/api/v1/audit"));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", renewed.GetProperty("accessToken").GetString());
        var share = new { name = "NAS", protocol = "smb", host = "127.0.0.1", port = 9, share = "media", username = "anna", password = SharePassword };
        await SendAsync(client.PostAsJsonAsync("/api/v1/sources/test", share));
        await SendAsync(client.PostAsJsonAsync("/api/v1/sources", share));
        await SendAsync(client.PostAsJsonAsync("/api/v1/sources", new { name = "Films", protocol = "local", path = server.PathOf("films") }));
        await SendAsync(client.PostAsync("/api/v1/sources", new StringContent($"{{\"name\":\"broken\",\"password\":\"{SharePassword}\",", Encoding.UTF8, "application/json")));
        await SendAsync(client.PutAsJsonAsync("/api/v1/sources/1", new { password = SharePassword }));
        await SendAsync(client.PostAsync("/api/v1/sources/1/scan", null));
        await SendAsync(client.PostAsync("/api/v1/sources/2/scan", null));
        await using (var ear = await EventStreamListener.ListenAsync(client))
        {
            await SendAsync(client.PostAsync("/api/v1/jobs/integrity-check/run", null));
            await ear.ReadUntilAsync(leak => leak.Name == "job.changed" && leak.Data.GetProperty("state").GetString() is "succeeded" or "failed");
        }

        foreach (var provider in (string[])["omdb", "tmdb"])
        {
            await SendAsync(client.PostAsJsonAsync("/api/v1/media/1/match", new { provider, externalId = "tt0133093" }));
        }

        await SendAsync(client.PostAsync("/api/v1/media/1/refresh", null));
        await SendAsync(client.PostAsJsonAsync("/api/v1/users", new { username = "carl", password = AdminPassword + " of carl", role = "editor" }));
        foreach (var address in (string[])
        [
            "/api/v1/sources", "/api/v1/sources/1", "/api/v1/sources/status", "/api/v1/users", "/api/v1/auth/me", "/api/v1/jobs", "/api/v1/jobs/history", "/api/v1/audit?limit=200", "/api/v1/audit/export",
            "/api/v1/errors", "/api/v1/errors/export", "/api/v1/metrics/export", "/metrics", "/health", "/openapi/v1.json", "/admin/jobs", "/admin/providers", "/admin/errors", "/admin/audit", "/admin/metrics", "/sources",
        ])
        {
            await SendAsync(client.GetAsync(address));
        }
    }

    private async Task SendAsync(Task<HttpResponseMessage> sending, bool keep = true)
    {
        using var response = await sending;
        var body = await response.Content.ReadAsStringAsync();
        if (keep)
        {
            _responses.Add($"{response.RequestMessage!.RequestUri!.AbsolutePath}: {response.Headers} {body}");
        }
    }

    private static void AssertHidden(string secret, IEnumerable<string> output, string where)
    {
        var leak = output.FirstOrDefault(line => line.Contains(secret, StringComparison.Ordinal));
        Assert.True(leak is null, $"{secret} is in {where}: {leak?[..Math.Min(leak.Length, 600)]}");
    }

    private static List<string> ReadRows(string database, string sql)
    {
        using var file = SqliteFile.Open(database, DatabaseKey);
        using var connection = file.OpenConnection(readOnly: true);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
