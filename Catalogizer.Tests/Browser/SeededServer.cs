using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Tests.Accounts;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Browser;

/// <summary>
/// A server with a library of some size, an administrator and a member. The catalogue is scanned once a run and copied for each server;
/// the films are one folder, which nobody changes.
/// </summary>
public sealed class SeededServer : IAsyncLifetime
{
    public const int Films = 1500;

    private static readonly Lazy<Task<TemporaryFolder>> Seed = new(MakeAsync);

    private readonly TestServer _server = New();

    public Uri Address => _server.Address;

    public async Task InitializeAsync()
    {
        _server.Data = (await Seed.Value).PathOf("data");
        for (var i = 1; i <= 3; i++)
        {
            _server.Write($"drawer/Lost {Word(i)} (2001).mkv");
        }

        await _server.StartAsync();
        await ScanAsync(_server, "Drawer", PathOf("drawer"));
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public string PathOf(string name) => _server.PathOf(name);

    /// <summary>A word of letters for a number; their order is the numbers'.</summary>
    public static string Word(int number) => $"{(char)('A' + (number / 676))}{(char)('a' + (number / 26 % 26))}{(char)('a' + (number % 26))}ri";

    /// <summary>Adds a source and scans it to the end.</summary>
    internal static async Task ScanAsync(TestServer server, string name, string path, string purpose = "main")
    {
        var source = (await server.Get<SourceService>().AddAsync(Actor.System, new SourceDraft { Name = name, Protocol = "local", Path = path, Purpose = purpose }, default)).Value;
        var scan = (await server.Get<ScanService>().StartAsync(Actor.System, source.Id, ScanKind.Full, default)).Value;
        await server.Get<ScanService>().WaitAsync(scan.Id, default);
    }

    private static async Task<TemporaryFolder> MakeAsync()
    {
        var seed = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => seed.Dispose();
        for (var i = 0; i < Films; i++)
        {
            seed.Write($"films/{i % 20:00}/Wonder {Word(i)} ({1950 + (i % 70)}) {(i % 2 == 0 ? "1080p" : "2160p")}.mkv", $"{i}");
        }

        for (var i = 1; i <= 3; i++)
        {
            seed.Write($"films/TV/Some Show/Season 01/Some Show S01E0{i} 720p.mkv", $"episode {i}");
            seed.Write($"films/Music/An Artist/An Album (2001)/0{i} - Track {i}.flac", $"track {i}");
        }

        await using var server = New();
        await server.StartAsync();
        await server.AddAsync("anna", Role.Admin);
        await server.AddAsync("vera", Role.Viewer);
        await ScanAsync(server, "Films", seed.PathOf("films"));
        await server.StopAsync();
        Directory.Move(server.PathOf("data"), seed.PathOf("data"));
        return seed;
    }

    private static TestServer New() => new() { Settings = ["--Catalogizer:SignIn:AttemptsPerMinute=1000", "--Logging:LogLevel:Default=Warning"] };
}
