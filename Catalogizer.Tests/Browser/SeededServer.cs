using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Browser;

/// <summary>A server with a library, an administrator and a member, all made by the program's own verbs.</summary>
public sealed class SeededServer : IAsyncLifetime
{
    public const int Films = 1500;

    public ServerProcess Process { get; } = new();

    public async Task InitializeAsync()
    {
        for (var i = 0; i < Films; i++)
        {
            Process.Write($"films/{i % 20:00}/Wonder {Word(i)} ({1950 + (i % 70)}) {(i % 2 == 0 ? "1080p" : "2160p")}.mkv");
        }

        for (var i = 1; i <= 3; i++)
        {
            Process.Write($"films/TV/Some Show/Season 01/Some Show S01E0{i} 720p.mkv");
            Process.Write($"films/Music/An Artist/An Album (2001)/0{i} - Track {i}.flac");
            Process.Write($"drawer/Lost {Word(i)} (2001).mkv");
        }

        await DoAsync("user", "add", "anna", "--role", "admin");
        await DoAsync("user", "add", "vera", "--role", "viewer");
        await DoAsync("scan", Process.PathOf("films"), "--name", "Films", "--json");
        await DoAsync("scan", Process.PathOf("drawer"), "--name", "Drawer", "--json");
        await Process.StartAsync();
    }

    public async Task DisposeAsync() => await Process.DisposeAsync();

    /// <summary>A word of letters for a number; their order is the numbers'.</summary>
    public static string Word(int number) => $"{(char)('A' + (number / 676))}{(char)('a' + (number / 26 % 26))}{(char)('a' + (number % 26))}ri";

    private async Task DoAsync(params string[] arguments)
    {
        var run = await Process.RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.Errors}");
    }
}
