using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Catalogizer.Tests.Quality;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Container;

/// <summary>The image's build stage and start, without a container engine, on a copy of what the engine would get.</summary>
[Trait("Category", "Server")]
public sealed partial class ImageBuildTests : IDisposable
{
    private readonly Dockerfile _dockerfile = new();
    private readonly TemporaryFolder _folder = new();

    /// <summary>What can be verified of the image's start without publishing.</summary>
    [Fact]
    public async Task Start_AsTheImage_HasNoPowerAndIsHealthy()
    {
        var built = Path.GetRelativePath(RepositoryRoot.PathOf("Catalogizer.Tests"), AppContext.BaseDirectory);
        Directory.CreateDirectory(_folder.PathOf("image"));
        await CommandRun.ExecuteAsync(_folder.Path, new Dictionary<string, string?>(), "cp", "-r", RepositoryRoot.PathOf($"Catalogizer.Web/{built}"), "image/app");
        File.Delete(_folder.PathOf("image/app/Catalogizer.Web.staticwebassets.runtime.json"));     // names folders that the image does not have

        await StartAsync(RepositoryRoot.Folder, isPublished: false);
    }

    [FullRunFact]
    public async Task BuildStage_OnWhatTheContextHolds_PublishesAProgramThatIsHealthy()
    {
        var source = _folder.PathOf("src");
        var app = _folder.PathOf("image/app");
        CopyContext(source);

        foreach (var step in _dockerfile.Stages[0].Where(step => step.Name == "RUN"))
        {
            var command = step.Value.Replace(" /app", $" {app}", StringComparison.Ordinal);
            var run = await CommandRun.ExecuteAsync(source, new Dictionary<string, string?>(), "bash", "-c", command);
            Assert.True(run.ExitCode == 0, $"{command}\n{run.Output}{run.Errors}");
        }

        // SQLCipher, the runtime, and all of it compiled as one.
        Assert.All(["libe_sqlcipher.so", "libcoreclr.so", "Catalogizer.Web.r2r.dll"], name => Assert.True(File.Exists(Path.Combine(app, name)), name));
        await StartAsync(source, isPublished: true);
    }

    public void Dispose() => _folder.Dispose();

    private async Task StartAsync(string source, bool isPublished)
    {
        var app = _folder.PathOf("image/app");
        _folder.Write("image/catalogizer.key", new string('k', 64));
        await EncodedMedia.WriteAsync(_folder.PathOf("image/media/Quiet Water (2001).mkv"), [.. EncodedMedia.VideoArguments()]);
        var before = ListNames(app);

        var health = await CheckHealthAsync(source, _folder.PathOf("image"), isPublished);

        Assert.True(health.ExitCode == 0, health.Output + health.Errors);
        Assert.Equal(before, ListNames(app));
        Assert.True(File.Exists(_folder.PathOf("image/data/catalogizer.db")));
        Assert.False(File.Exists(_folder.PathOf("image/data/catalogizer.key")));
    }

    private void CopyContext(string target)
    {
        var everything = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var names = Directory.EnumerateFiles(RepositoryRoot.Folder, "*", everything)
            .Select(path => Path.GetRelativePath(RepositoryRoot.Folder, path))
            .Where(name => !_dockerfile.IsIgnored(name));
        foreach (var name in names)
        {
            var path = Path.Combine(target, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(RepositoryRoot.PathOf(name), path);
        }
    }

    private static List<string> ListNames(string folder) => [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    /// <summary>Starts the program as the image does, checks its privileges, and runs the image's health check.</summary>
    private static async Task<CommandRun> CheckHealthAsync(string source, string image, bool isPublished)
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
            ["ASPNETCORE_ENVIRONMENT"] = null,
            ["Catalogizer__Admin__UserName"] = "anna",
            ["Catalogizer__Admin__Password"] = ServerProcess.Password,
        };
        using var program = CommandRun.Start(source, environment, Path.Combine(source, "build/as-image.sh"), image);
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            var errors = program.StandardError.ReadToEndAsync(timeout.Token);
            if (await ReadAddressAsync(program, timeout.Token) is not { } address)
            {
                return new CommandRun(-1, "The program ended before it listened.", await errors);
            }

            AssertUnprivileged(program.Id);
            if (isPublished)
            {
                await AssertCompressedAsync(new Uri(address), timeout.Token);
            }

            await AssertAnalyzesAsync(new Uri(address));
            return await CommandRun.ExecuteAsync(
                RepositoryRoot.Folder, new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = address }, "bash", "build/healthcheck.sh");
        }
        finally
        {
            program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static void AssertUnprivileged(int process)
    {
        Assert.Equal("/srv/app/Catalogizer.Web", new FileInfo($"/proc/{process}/exe").LinkTarget);
        var status = File.ReadAllLines($"/proc/{process}/status").Select(line => line.Split('\t')).ToLookup(parts => parts[0], parts => parts[1]);
        Assert.Equal(("1654", "0000000000000000", "0000000000000000", "1"), (status["Uid:"].Single(), status["CapEff:"].Single(), status["CapBnd:"].Single(), status["NoNewPrivs:"].Single()));
        var writable = File.ReadAllLines($"/proc/{process}/mounts").Select(line => line.Split(' '))
            .Where(mount => mount[3].Split(',')[0] == "rw" && (mount[1] is "/" || mount[1].StartsWith("/srv", StringComparison.Ordinal)))
            .Select(mount => mount[1]);
        Assert.Equal(["/srv/data"], writable);
    }

    /// <summary>A film in a mounted folder is analysed with only the tools of the image's packages.</summary>
    private static async Task AssertAnalyzesAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        var tokens = await client.PostAsJsonAsync("/api/v1/auth/login", new { username = "anna", password = ServerProcess.Password });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await TestServer.ReadJsonAsync(tokens)).GetProperty("accessToken").GetString());
        await using var ear = await EventStreamListener.ListenAsync(client);

        var source = await TestServer.ReadJsonAsync(await client.PostAsJsonAsync("/api/v1/sources", new { name = "Films", protocol = "local", path = "/srv/media" }));
        var scan = await TestServer.ReadJsonAsync(await client.PostAsJsonAsync($"/api/v1/sources/{source.GetProperty("id")}/scan", new { }));
        await ear.ReadUntilScanEndedAsync(scan.GetProperty("scanId").GetInt64());
        using var asked = await client.PostAsync(new Uri("/api/v1/jobs/quality/run", UriKind.Relative), null);
        await ear.ReadUntilAsync(told => told.Name == "job.changed" && told.Data.GetProperty("job").GetString() == "quality" && told.Data.GetProperty("state").GetString() == "succeeded");

        var item = (await client.GetFromJsonAsync<JsonElement>("/api/v1/media")).GetProperty("items")[0].GetProperty("id");
        var copy = (await client.GetFromJsonAsync<JsonElement>($"/api/v1/media/{item}/versions"))[0];
        Assert.Equal(("probe", "720p"), (copy.GetProperty("qualityFrom").GetString(), copy.GetProperty("resolution").GetString()));
        var checks = (await client.GetFromJsonAsync<JsonElement>("/health")).GetProperty("checks").EnumerateArray();
        var tools = checks.Single(check => check.GetProperty("name").GetString() == "tools");
        Assert.True(tools.GetProperty("ok").GetBoolean(), tools.GetProperty("message").GetString());
    }

    /// <summary>Publishing silently loses the compressed forms of some files.</summary>
    private static async Task AssertCompressedAsync(Uri address, CancellationToken cancellation)
    {
        using var browser = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { { "Accept-Encoding", "br" } } };
        var page = await browser.GetStringAsync(new Uri("/login", UriKind.Relative), cancellation);
        var files = ReferenceRegex().Matches(page).Select(m => m.Groups["file"].Value).Distinct().ToList();
        Assert.Contains(files, f => f.Contains("css/catalogizer", StringComparison.Ordinal));
        Assert.Contains(files, f => f.StartsWith("_framework/blazor.web.", StringComparison.Ordinal));
        foreach (var file in (string[])[.. files, "assets/radzen/Radzen.Blazor.min.js", "assets/radzen/css/material-base.css"])
        {
            using var response = await browser.GetAsync(new Uri(file, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
            Assert.True(response.Content.Headers.ContentEncoding.Contains("br"), $"{file} is sent plain, {response.Content.Headers.ContentLength} bytes");
        }
    }

    private static async Task<string?> ReadAddressAsync(Process program, CancellationToken cancellation)
    {
        while (await program.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            if (ListeningRegex().Match(line) is { Success: true } address)
            {
                return address.Value;
            }
        }

        return null;
    }

    [GeneratedRegex(@"(?:src|href)=""(?<file>[^""]+\.(?:css|js))""")]
    private static partial Regex ReferenceRegex();

    [GeneratedRegex(@"http://127\.0\.0\.1:[1-9]\d*")]
    private static partial Regex ListeningRegex();
}
