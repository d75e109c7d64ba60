using System.Diagnostics;
using System.Net.Sockets;
using Catalogizer.Domain.Sources.Smb.Worker;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>This process's view of a worker: a child process, and the private folder with its socket.</summary>
internal sealed class SmbWorkerProcess : IDisposable
{
    private const int MaxSocketPathBytes = 107;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The only environment variables that a worker inherits: it does not need keys and settings.</summary>
    private static readonly string[] PassedVariables =
        ["PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"];

    private readonly DirectoryInfo _folder;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SemaphoreSlim _connectLock = new(1);
    private readonly Process _process;
    private readonly Task _exit;
    private Socket? _control;
    private bool _isDisposed;

    private SmbWorkerProcess(string program, string library, bool requireSigning)
    {
        _folder = CreatePrivateFolder();
        try
        {
            var address = Path.Combine(_folder.FullName, "socket");
            _listener.Bind(new UnixDomainSocketEndPoint(address));
            _listener.Listen();
            _process = Process.Start(CreateStartInfo(program, address, library, requireSigning, _folder.FullName)) ?? throw new InvalidOperationException("The worker did not start.");
            _exit = _process.WaitForExitAsync();
        }
        catch
        {
            _listener.Dispose();
            _folder.Delete(recursive: true);
            throw;
        }
    }

    public int Id => _process.Id;

    /// <summary>Whether the worker was ended or has exited.</summary>
    public bool HasEnded => _isDisposed || _exit.IsCompleted;

    /// <summary>Timestamp of the last call.</summary>
    public long UsedAt { get; set; }

    /// <summary>Whether only probes of locations have used the worker.</summary>
    public bool IsForProbes { get; set; }

    /// <summary>The worker's connections. Access only while locking the list.</summary>
    public List<SmbConnection> Connections { get; } = [];

    public static async Task<SmbWorkerProcess> StartAsync(string program, string library, bool requireSigning)
    {
        var worker = new SmbWorkerProcess(program, library, requireSigning);
        try
        {
            await worker.AcceptControlAsync();
            return worker;
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    /// <summary>Accepts a new socket from the worker, for one more connection to the file server.</summary>
    public async Task<Socket> ConnectAsync()
    {
        await _connectLock.WaitAsync();
        try
        {
            await _control!.SendAsync(new byte[1]);
            return await AcceptAsync();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            throw new SmbException(SmbError.Dropped);
        }
        finally
        {
            _connectLock.Release();
        }
    }

    /// <summary>Kills the worker even when it hangs; all calls that wait for it fail.</summary>
    public void Dispose()
    {
        lock (Connections)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _control?.Dispose();
        _listener.Dispose();
        _process.WaitForExit();
        _process.Dispose();
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // The worker may have deleted the folder already.
        }
    }

    private static ProcessStartInfo CreateStartInfo(string program, string address, string library, bool requireSigning, string folder)
    {
        var command = CreateCommand(program, Environment.ProcessPath);
        var startInfo = new ProcessStartInfo(command[0], [.. command[1..], SmbWorker.CommandName, address, library, requireSigning ? "signing" : "-"]) { WorkingDirectory = folder };
        var variables = PassedVariables.Where(startInfo.Environment.ContainsKey).ToDictionary(name => name, name => startInfo.Environment[name]);
        startInfo.Environment.Clear();
        foreach (var (name, value) in variables)
        {
            startInfo.Environment[name] = value;
        }

        // No debugger socket and no dumps, since the worker holds passwords; and no more memory than its buffers need.
        startInfo.Environment["HOME"] = folder;
        startInfo.Environment["TMPDIR"] = folder;
        startInfo.Environment["DOTNET_EnableDiagnostics"] = "0";
        startInfo.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        startInfo.Environment["DOTNET_gcServer"] = "0";
        startInfo.Environment["DOTNET_TieredPGO"] = "0";
        return startInfo;
    }

    /// <summary>
    /// The command that starts the assembly again: its own executable if that is running, as in the image; else "dotnet", by the path of this
    /// process if that is one.
    /// </summary>
    internal static string[] CreateCommand(string assembly, string? running) =>
        running is not null && running == Path.ChangeExtension(assembly, null) ? [running]
        : Path.GetFileName(running) == "dotnet" ? [running!, assembly]
        : ["dotnet", assembly];

    private static DirectoryInfo CreatePrivateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("catalogizer-smb-");
        if (folder.FullName.Length + "/socket".Length <= MaxSocketPathBytes)
        {
            return folder;
        }

        folder.Delete();
        return Directory.CreateDirectory($"/tmp/catalogizer-smb-{Guid.NewGuid():N}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task AcceptControlAsync()
    {
        _control = await AcceptAsync();
        var status = new byte[1];
        if (await _control.ReceiveAsync(status) != 1)
        {
            throw new SmbException(SmbError.Dropped);
        }

        if (status[0] != SmbWorker.Ready)
        {
            throw new SmbException(SmbError.NotInstalled);
        }
    }

    private async Task<Socket> AcceptAsync()
    {
        using var stop = new CancellationTokenSource(StartTimeout);
        var accepted = _listener.AcceptAsync(stop.Token).AsTask();
        if (await Task.WhenAny(accepted, _exit) != accepted)
        {
            await stop.CancelAsync();
            await ((Task)accepted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new SmbException(SmbError.Dropped);
        }

        return await accepted;
    }
}
