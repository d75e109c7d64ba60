using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>A script that calls a server process as its admin.</summary>
internal sealed class ProcessClient : IDisposable
{
    private ProcessClient(HttpClient http) => Http = http;

    public HttpClient Http { get; }

    /// <summary>A server on a home folder that is kept, with an admin from the settings.</summary>
    public static ServerProcess CreateServer(TemporaryFolder home, params string[] wrapper) => new(home)
    {
        CommandPrefix = wrapper,
        OutputLines = new(),
        EnvironmentVariables =
        {
            ["CATALOGIZER_DB_KEY"] = TestCatalog.Key, ["CATALOGIZER__ADMIN__USERNAME"] = "root", ["CATALOGIZER__ADMIN__PASSWORD"] = ServerProcess.Password,
        },
    };

    public static async Task<ProcessClient> SignInAsync(ServerProcess server)
    {
        var http = new HttpClient { BaseAddress = server.Address };
        var tokens = await ReadAsync(await http.PostAsJsonAsync("/api/v1/auth/login", new { username = "root", password = ServerProcess.Password }));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("accessToken").GetString());
        return new ProcessClient(http);
    }

    public async Task<JsonElement> GetAsync(string address) => await ReadAsync(await Http.GetAsync($"/api/v1/{address}"));

    public async Task<JsonElement> PostAsync(string address, object body) => await ReadAsync(await Http.PostAsJsonAsync($"/api/v1/{address}", body));

    public Task<HttpResponseMessage> EditAsync(long item, object edit) => Http.PutAsJsonAsync($"/api/v1/media/{item}", edit);

    public void Dispose() => Http.Dispose();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }
}
