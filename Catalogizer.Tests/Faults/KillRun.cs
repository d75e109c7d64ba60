using System.Diagnostics;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Faults;

/// <summary>Counts the writes to a catalogue's files: the moments at which a kill can strike, however fast the machine is.</summary>
internal sealed class WriteCounter : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileSystemWatcher _watcher;
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _mark;
    private readonly int _wanted;
    private int _seen;

    public WriteCounter(string data, int wanted = int.MaxValue)
    {
        (_wanted, _mark) = (wanted, Path.Combine(data, "catalogizer.db.counted"));
        Directory.CreateDirectory(data);
        _watcher = new FileSystemWatcher(data, "catalogizer.db*") { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.FileName, InternalBufferSize = 1 << 16 };
        _watcher.Changed += (_, _) => Count();
        _watcher.Created += (_, created) =>
        {
            if (created.FullPath == _mark)
            {
                _ended.TrySetResult();
            }
        };
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Done at the write that was wanted.</summary>
    public Task Reached => _reached.Task;

    /// <summary>All writes until now, also those that are still to be told of.</summary>
    public async Task<int> CountedAsync(TimeSpan limit)
    {
        await File.WriteAllBytesAsync(_mark, []);
        await _ended.Task.WaitAsync(limit);
        File.Delete(_mark);
        lock (_lock)
        {
            return _seen;
        }
    }

    public void Dispose() => _watcher.Dispose();

    private void Count()
    {
        lock (_lock)
        {
            if (++_seen == _wanted)
            {
                _reached.TrySetResult();
            }
        }
    }
}

/// <summary>A verb of the built program as a process of its own, killed at one of its writes.</summary>
internal static class KillRun
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static Dictionary<string, string?> Variables(string home) => new()
    {
        ["CATALOGIZER_HOME"] = home,
        ["CATALOGIZER_DB_KEY"] = TestCatalogue.Key,
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
    };

    public static string Program => Path.Combine(AppContext.BaseDirectory, "Catalogizer.Web.dll");

    /// <summary>Runs a verb undisturbed; answers how many writes were seen.</summary>
    public static async Task<int> CountWritesAsync(TemporaryFolder home, params string[] arguments)
    {
        using var writes = new WriteCounter(home.PathOf("data"));
        var run = await ScriptRun.OfAsync(home.Path, Variables(home.Path), "dotnet", [Program, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Errors);
        return await writes.CountedAsync(Limit);
    }

    /// <summary>Kills a verb at a write; answers false when it came to its end first.</summary>
    public static async Task<bool> KillAsync(TemporaryFolder home, int write, params string[] arguments)
    {
        using var writes = new WriteCounter(home.PathOf("data"), write);
        using var process = ScriptRun.Start(home.Path, Variables(home.Path), "dotnet", [Program, .. arguments]);
        process.StandardInput.Close();
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Limit);
        await Task.WhenAny(writes.Reached, process.WaitForExitAsync(limit.Token));
        var killed = !process.HasExited;
        process.Kill();
        await process.WaitForExitAsync(limit.Token);
        await said;
        return killed && process.ExitCode == 137;
    }
}

/// <summary>What a kill loop found.</summary>
internal sealed class KillTotals
{
    public int Kills { get; set; }

    public int RowsLost { get; set; }

    public int FailedChecks { get; set; }

    public int CountersOff { get; set; }

    public int Unequal { get; set; }

    public List<string> Problems { get; } = [];

    public override string ToString() => string.Join(
        '\n',
        Problems.Take(10).Prepend($"kills: {Kills}, acknowledged rows lost: {RowsLost}, failed checks: {FailedChecks}, counters off: {CountersOff}, unequal catalogues: {Unequal}"));

    public void AssertNone()
    {
        Assert.True(RowsLost + FailedChecks + CountersOff + Unequal == 0, ToString());
        Assert.True(Kills > 0, "Nothing was killed.");
    }
}
