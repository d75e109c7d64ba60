using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>Counts the writes to a catalogue's files: the moments when a kill can strike, independent of the machine's speed.</summary>
internal sealed class WriteCounter : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileSystemWatcher _watcher;
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _markerSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _markerPath;
    private readonly int _target;
    private int _count;

    public WriteCounter(string data, int target = int.MaxValue)
    {
        (_target, _markerPath) = (target, Path.Combine(data, "catalogizer.db.counted"));
        Directory.CreateDirectory(data);
        _watcher = new FileSystemWatcher(data, "catalogizer.db*") { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.FileName, InternalBufferSize = 1 << 16 };
        _watcher.Changed += (_, _) => OnWrite();
        _watcher.Created += (_, created) =>
        {
            if (created.FullPath == _markerPath)
            {
                _markerSeen.TrySetResult();
            }
        };
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Completes at the target write.</summary>
    public Task Reached => _reached.Task;

    /// <summary>All writes so far, including those whose events are still pending.</summary>
    public async Task<int> WaitForCountAsync(TimeSpan timeout)
    {
        await File.WriteAllBytesAsync(_markerPath, []);
        await _markerSeen.Task.WaitAsync(timeout);
        File.Delete(_markerPath);
        lock (_lock)
        {
            return _count;
        }
    }

    public void Dispose() => _watcher.Dispose();

    private void OnWrite()
    {
        lock (_lock)
        {
            if (++_count == _target)
            {
                _reached.TrySetResult();
            }
        }
    }
}

/// <summary>A command of the built program in a separate process, killed at one of its writes.</summary>
internal static class KillRun
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(2);

    public static Dictionary<string, string?> CreateEnvironment(string home) => new()
    {
        ["CATALOGIZER_HOME"] = home,
        ["CATALOGIZER_DB_KEY"] = TestCatalog.Key,
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
    };

    public static string ProgramPath => Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll");

    /// <summary>Runs a command undisturbed; returns the number of writes seen.</summary>
    public static async Task<int> CountWritesAsync(TemporaryFolder home, params string[] arguments)
    {
        using var writes = new WriteCounter(home.PathOf("data"));
        var run = await CommandRun.ExecuteAsync(home.Path, CreateEnvironment(home.Path), "dotnet", [ProgramPath, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Errors);
        return await writes.WaitForCountAsync(WaitTimeout);
    }

    /// <summary>Kills a command at a write; returns false if it ended first.</summary>
    public static async Task<bool> KillAsync(TemporaryFolder home, int write, params string[] arguments)
    {
        using var writes = new WriteCounter(home.PathOf("data"), write);
        using var process = CommandRun.Start(home.Path, CreateEnvironment(home.Path), "dotnet", [ProgramPath, .. arguments]);
        process.StandardInput.Close();
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var timeout = new CancellationTokenSource(WaitTimeout);
        await Task.WhenAny(writes.Reached, process.WaitForExitAsync(timeout.Token));
        var killed = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(timeout.Token);
        await output;
        return killed && process.ExitCode == 137;
    }
}

/// <summary>The findings of a kill loop.</summary>
internal sealed class KillTotals
{
    public int Kills { get; set; }

    public int LostRows { get; set; }

    public int FailedChecks { get; set; }

    public int WrongCounters { get; set; }

    public int UnequalCatalogs { get; set; }

    public List<string> Problems { get; } = [];

    public override string ToString() => string.Join(
        '\n',
        Problems.Take(10).Prepend($"kills: {Kills}, acknowledged rows lost: {LostRows}, failed checks: {FailedChecks}, counters off: {WrongCounters}, unequal catalogues: {UnequalCatalogs}"));

    public void AssertNone()
    {
        Assert.True(LostRows + FailedChecks + WrongCounters + UnequalCatalogs == 0, ToString());
        Assert.True(Kills > 0, "Nothing was killed.");
    }
}
