using System.Diagnostics;
using System.Net.Sockets;
using Catalogizer.Domain.Sources.Smb.Samba;
using Catalogizer.Domain.Sources.Smb.Worker;

namespace Catalogizer.Domain.Sources.Smb;

/// <summary>A worker as the program sees it: a child process and the private folder that its socket lies in.</summary>
internal sealed class SmbWorkerProcess : IDisposable
{
    private const int LongestSocketPath = 107;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    /// <summary>All that a worker is told of the program's surroundings: it has no use for keys and settings.</summary>
    private static readonly string[] Passed =
        ["PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROOT_ARM64", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"];

    private readonly DirectoryInfo _folder;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SemaphoreSlim _connecting = new(1);
    private readonly Process _process;
    private readonly Task _exit;
    private Socket? _control;
    private bool _ended;

    private SmbWorkerProcess(string program, string library, bool signing)
    {
        _folder = PrivateFolder();
        try
        {
            var address = Path.Combine(_folder.FullName, "socket");
            _listener.Bind(new UnixDomainSocketEndPoint(address));
            _listener.Listen();
            _process = Process.Start(StartInfo(program, address, library, signing, _folder.FullName)) ?? throw new InvalidOperationException("The worker did not start.");
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

    /// <summary>Whether it was ended or ended itself.</summary>
    public bool HasEnded => _ended || _exit.IsCompleted;

    /// <summary>When a call last came to it, as a timestamp.</summary>
    public long UsedAt { get; set; }

    /// <summary>Whether only trials of places have used it.</summary>
    public bool IsForTrials { get; set; }

    /// <summary>The connections it holds; to be touched under its lock.</summary>
    public List<SmbConnection> Connections { get; } = [];

    public static async Task<SmbWorkerProcess> StartAsync(string program, string library, bool signing)
    {
        var worker = new SmbWorkerProcess(program, library, signing);
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

    /// <summary>A socket of its own for one more connection to the file server.</summary>
    public async Task<Socket> ConnectAsync()
    {
        await _connecting.WaitAsync();
        try
        {
            await _control!.SendAsync(new byte[1]);
            return await AcceptAsync();
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            throw new SmbException(SmbTrouble.Dropped);
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Ends the worker whatever it hangs in; every call that waits for it fails.</summary>
    public void Dispose()
    {
        lock (Connections)
        {
            if (_ended)
            {
                return;
            }

            _ended = true;
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
            // The worker may have taken it away itself.
        }
    }

    private static ProcessStartInfo StartInfo(string program, string address, string library, bool signing, string folder)
    {
        var command = CommandOf(program, Environment.ProcessPath);
        var start = new ProcessStartInfo(command[0], [.. command[1..], SmbWorker.Verb, address, library, signing ? "signing" : "-"]) { WorkingDirectory = folder };
        var passed = Passed.Where(start.Environment.ContainsKey).ToDictionary(name => name, name => start.Environment[name]);
        start.Environment.Clear();
        foreach (var (name, value) in passed)
        {
            start.Environment[name] = value;
        }

        // No socket for debuggers and no dumps: it holds passwords. And no more memory than its buffers need.
        start.Environment["HOME"] = folder;
        start.Environment["TMPDIR"] = folder;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_TieredPGO"] = "0";
        return start;
    }

    /// <summary>What starts a program once more: the executable of its own that runs already, as in the image, else "dotnet", wherever this process has it.</summary>
    internal static string[] CommandOf(string assembly, string? running) =>
        running is not null && running == Path.ChangeExtension(assembly, null) ? [running]
        : Path.GetFileName(running) == "dotnet" ? [running!, assembly]
        : ["dotnet", assembly];

    private static DirectoryInfo PrivateFolder()
    {
        var folder = Directory.CreateTempSubdirectory("catalogizer-smb-");
        if (folder.FullName.Length + "/socket".Length <= LongestSocketPath)
        {
            return folder;
        }

        folder.Delete();
        return Directory.CreateDirectory($"/tmp/catalogizer-smb-{Guid.NewGuid():N}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private async Task AcceptControlAsync()
    {
        _control = await AcceptAsync();
        var word = new byte[1];
        if (await _control.ReceiveAsync(word) != 1)
        {
            throw new SmbException(SmbTrouble.Dropped);
        }

        if (word[0] != SmbWorker.Ready)
        {
            throw new SmbException(SmbTrouble.NotInstalled);
        }
    }

    private async Task<Socket> AcceptAsync()
    {
        using var stop = new CancellationTokenSource(StartLimit);
        var accepted = _listener.AcceptAsync(stop.Token).AsTask();
        if (await Task.WhenAny(accepted, _exit) != accepted)
        {
            await stop.CancelAsync();
            await ((Task)accepted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw new SmbException(SmbTrouble.Dropped);
        }

        return await accepted;
    }
}
