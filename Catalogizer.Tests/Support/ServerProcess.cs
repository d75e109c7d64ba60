using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Catalogizer.Tests.Support;

/// <summary>The built program in a separate process with its own home folder, which can be killed and restarted.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _home;
    private readonly bool _ownsHome;
    private Process? _process;
    private Task _readLoop = Task.CompletedTask;

    public ServerProcess()
        : this(null)
    {
    }

    /// <param name="home">A home folder that is kept; null for a new one, deleted with the server.</param>
    internal ServerProcess(TemporaryFolder? home) => (_home, _ownsHome) = (home ?? new TemporaryFolder(), home is null);

    /// <summary>Environment variables in addition to the usual ones.</summary>
    public Dictionary<string, string?> EnvironmentVariables { get; } = [];

    /// <summary>The command that starts the program; empty to start it directly.</summary>
    public IReadOnlyList<string> CommandPrefix { get; init; } = [];

    /// <summary>Collects every line of output; null to collect none.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string>? OutputLines { get; init; }

    /// <summary>The process id while it runs.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>The address where it listens; the same after every start.</summary>
    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>The setup link of the last start; null when there was an administrator.</summary>
    public string? SetupLink { get; private set; }

    public string PathOf(string name) => _home.PathOf(name);

    public void Write(string name, string? content = null) => _home.Write(name, content ?? name);

    /// <summary>Starts it and waits until it listens and, with <paramref name="firstTime"/> (no administrator yet), until it has printed the setup link.</summary>
    public async Task StartAsync(bool firstTime = false)
    {
        _process = Start(ProgramPath);
        _process.StandardInput.Close();
        _ = DrainAsync(_process.StandardError);
        using var timeout = new CancellationTokenSource(WaitTimeout);
        var seen = new List<string>();
        var listens = false;
        SetupLink = null;
        while (await _process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            seen.Add(line);
            OutputLines?.Enqueue(line);
            if (ListeningRegex().Match(line) is { Success: true } match)
            {
                (Address, listens) = (new Uri(match.Groups[1].Value), true);
            }
            else if (line.Contains("/setup?token=", StringComparison.Ordinal))
            {
                SetupLink = line.Trim();
            }

            if (listens && (SetupLink is not null || !firstTime))
            {
                _readLoop = DrainAsync(_process.StandardOutput);
                return;
            }
        }

        throw new InvalidOperationException("The program ended instead of listening:\n" + string.Join('\n', seen));
    }

    /// <summary>Kills it as a power cut would, without a chance to clean up.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            await _readLoop;
            _process.Dispose();
            _process = null;
        }
    }

    /// <summary>Runs a command on the same home folder, while no server runs.</summary>
    internal Task<CommandRun> RunAsync(params string[] arguments) => CommandRun.ExecuteAsync(_home.Path, AllEnvironmentVariables, "dotnet", [ProgramPath, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        if (_ownsHome)
        {
            _home.Dispose();
        }
    }

    private static string ProgramPath => Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll");

    private Process Start(params string[] arguments)
    {
        string[] command = [.. CommandPrefix, "dotnet", .. arguments];
        return CommandRun.Start(_home.Path, AllEnvironmentVariables, command[0], command[1..]);
    }

    private Dictionary<string, string?> AllEnvironmentVariables => new(EnvironmentVariables)
    {
        ["CATALOGIZER_HOME"] = _home.Path,
        ["CATALOGIZER_PASSWORD"] = Password,
        ["CATALOGIZER__SIGNIN__ATTEMPTSPERMINUTE"] = "1000",
        ["ASPNETCORE_URLS"] = Address.ToString(),
    };

    private async Task DrainAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            OutputLines?.Enqueue(line);
        }
    }

    [GeneratedRegex(@"Now listening on: (http://127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningRegex();
}
