using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Browser;

/// <summary>
/// A server with a library of some size, an administrator and a viewer. The catalogue is scanned once per run and copied for each server;
/// the films are in one shared folder that no test changes.
/// </summary>
public sealed class SeededServer : IAsyncLifetime
{
    public const int FilmCount = 1500;

    private static readonly Lazy<Task<string>> Seed = new(CreateSeedAsync);

    private readonly TestServer _server = CreateServer();

    public Uri Address => _server.Address;

    public async Task InitializeAsync()
    {
        _server.DataTemplate = await Seed.Value;
        for (var i = 1; i <= 3; i++)
        {
            _server.Write($"drawer/Lost {CreateWord(i)} (2001).mkv");
        }

        await _server.StartAsync();
        await ScanAsync(_server, "Drawer", PathOf("drawer"));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public string PathOf(string name) => _server.PathOf(name);

    /// <summary>A word for a number; alphabetical order follows numerical order.</summary>
    public static string CreateWord(int number) => $"{(char)('A' + (number / 676))}{(char)('a' + (number / 26 % 26))}{(char)('a' + (number % 26))}ri";

    internal Task ScanAsync(string name, string path) => ScanAsync(_server, name, path);

    /// <summary>Adds a source and scans it to the end.</summary>
    internal static async Task ScanAsync(TestServer server, string name, string path, string purpose = "main")
    {
        var source = (await server.Get<SourceService>().AddAsync(Actor.System, new SourceDraft { Name = name, Protocol = "local", Path = path, Purpose = purpose }, default)).Value;
        var scan = (await server.Get<ScanService>().StartAsync(Actor.System, source.Id, ScanKind.Full, default)).Value;
        await server.Get<ScanService>().WaitAsync(scan.Id, default);
    }

    /// <returns>The data folder of a server that has scanned the films.</returns>
    private static async Task<string> CreateSeedAsync()
    {
        var (films, data) = (RunFolder.PathOf("films"), RunFolder.PathOf("films-scanned"));
        for (var i = 0; i < FilmCount; i++)
        {
            WriteFile($"{i % 20:00}/Wonder {CreateWord(i)} ({1950 + (i % 70)}) {(i % 2 == 0 ? "1080p" : "2160p")}.mkv");
        }

        for (var i = 1; i <= 3; i++)
        {
            WriteFile($"TV/Some Show/Season 01/Some Show S01E0{i} 720p.mkv");
            WriteFile($"Music/An Artist/An Album (2001)/0{i} - Track {i}.flac");
        }

        await using var server = CreateServer();
        await server.StartAsync();
        await server.AddUserAsync("anna", Role.Admin);
        await server.AddUserAsync("vera", Role.Viewer);
        await ScanAsync(server, "Films", films);
        await server.StopAsync();
        Directory.Move(server.PathOf("data"), data);
        return data;

        void WriteFile(string name)
        {
            var path = Path.Combine(films, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, name);
        }
    }

    private static TestServer CreateServer() => new() { Settings = ["--Catalogizer:SignIn:AttemptsPerMinute=1000", "--Logging:LogLevel:Default=Warning"] };
}
