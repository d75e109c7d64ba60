using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Api;

/// <summary>The whole application with one account per role, and helpers for the API tests.</summary>
public sealed class ApiServer : IAsyncLifetime
{
    public const string TimePattern = @"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$";

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    public TestServer Server { get; } = new()
    {
        Settings = ["--Catalogizer:Admin:UserName=root", $"--Catalogizer:Admin:Password={AccountsFixture.GoodPassword}", "--Catalogizer:SignIn:AttemptsPerMinute=1000", "--Logging:LogLevel:Default=Warning"],
    };

    public HttpClient Admin { get; private set; } = null!;

    public HttpClient Editor { get; private set; } = null!;

    public HttpClient Viewer { get; private set; } = null!;

    public HttpClient Anonymous { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Server.StartAsync();
        await Server.AddUserAsync("edda", Role.Editor);
        await Server.AddUserAsync("vera", Role.Viewer);
        (Admin, Editor, Viewer, Anonymous) = (await Server.CreateApiClientAsync("root"), await Server.CreateApiClientAsync("edda"), await Server.CreateApiClientAsync("vera"), Server.CreateBrowser());
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>Returns a signed-in browser.</summary>
    public async Task<HttpClient> SignInBrowserAsync(string name)
    {
        var browser = Server.CreateBrowser();
        Assert.Equal(System.Net.HttpStatusCode.Redirect, (await TestServer.SignInAsync(browser, name)).StatusCode);
        return browser;
    }

    /// <summary>Creates a folder with files, each with its own name as content, and adds it as a source called <paramref name="name"/>.</summary>
    public async Task<long> AddSourceAsync(string name, params string[] files)
    {
        Directory.CreateDirectory(Server.PathOf(name));
        foreach (var file in files)
        {
            Server.Write($"{name}/{file}", file);
        }

        // Not watched: a watch starts with a scan, and requesting another scan meanwhile would return that one.
        return (await AssertOkAsync(await Admin.PostAsJsonAsync("/api/v1/sources", new { name, protocol = "local", path = Server.PathOf(name), watch = false }))).GetProperty("id").GetInt64();
    }

    /// <summary>Scans to the end and returns the scan as the API describes it.</summary>
    public async Task<JsonElement> ScanAsync(long source, string kind = "full")
    {
        var started = await AssertOkAsync(await Admin.PostAsJsonAsync($"/api/v1/sources/{source}/scan", new { kind }));
        return await WaitForScanAsync(started.GetProperty("scanId").GetInt64());
    }

    public async Task<JsonElement> WaitForScanAsync(long scan)
    {
        using var timeout = new CancellationTokenSource(WaitTimeout);
        await Server.Get<ScanService>().WaitAsync(scan, timeout.Token);
        return await GetAsync($"scans/{scan}");
    }

    public async Task<JsonElement> GetAsync(string address) => await AssertOkAsync(await Admin.GetAsync($"/api/v1/{address}"));

    public async Task<IReadOnlyList<JsonElement>> ListItemsAsync(string query = "limit=200") => [.. (await GetAsync($"media?{query}")).GetProperty("items").EnumerateArray()];

    public async Task<JsonElement> FindItemAsync(string title, long? source = null) =>
        Assert.Single(await ListItemsAsync($"limit=200{(source is null ? "" : $"&source={source}")}"), item => item.GetProperty("title").GetString() == title);

    public static async Task<JsonElement> AssertOkAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body).RootElement;
    }

    public static StringContent CreateJsonBody(string body) => new(body, Encoding.UTF8, "application/json");

    /// <summary>Asserts that a response is a problem with this status, and returns its body.</summary>
    public static async Task<JsonElement> AssertProblemAsync(HttpResponseMessage response, int status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"Expected {status}, got {(int)response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(body).RootElement;
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("title").GetString()));
        return problem;
    }

    /// <summary>Asserts that a response is a 400 with a message for the field, and returns the message.</summary>
    public static async Task<string> AssertInvalidAsync(HttpResponseMessage response, string field)
    {
        var errors = (await AssertProblemAsync(response, 400)).GetProperty("errors");
        Assert.True(errors.TryGetProperty(field, out var sentences), $"No sentence for {field} in {errors}");
        var sentence = sentences[0].GetString();
        Assert.False(string.IsNullOrWhiteSpace(sentence));
        return sentence!;
    }

    /// <summary>
    /// Asserts that an object has these properties, written "name:kind"; the kinds are "number", "string", "time", "array", "object" and "bool",
    /// and a trailing "?" allows null.
    /// </summary>
    public static void AssertShape(JsonElement element, params string[] properties)
    {
        foreach (var property in properties)
        {
            var (name, kinds) = (property[..property.IndexOf(':', StringComparison.Ordinal)], property[(property.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            Assert.True(element.TryGetProperty(name, out var value), $"No {name} in {element}");
            Assert.True(HasKind(value, kinds), $"{name} should be {kinds} and is {value.ValueKind} {value}");
        }
    }

    private static bool HasKind(JsonElement value, string kinds) => value.ValueKind switch
    {
        JsonValueKind.Null => kinds.EndsWith('?'),
        JsonValueKind.Number => kinds.TrimEnd('?') == "number",
        JsonValueKind.String when kinds.TrimEnd('?') == "time" => System.Text.RegularExpressions.Regex.IsMatch(value.GetString()!, TimePattern),
        JsonValueKind.String => kinds.TrimEnd('?') == "string",
        JsonValueKind.Array => kinds.TrimEnd('?') == "array",
        JsonValueKind.Object => kinds.TrimEnd('?') == "object",
        _ => kinds.TrimEnd('?') == "bool",
    };
}
