using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Catalogizer.Bench.Rig;

/// <summary>A Samba server on a free local port that shares a folder with guests.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smb").FullName;   // Samba's sockets need short paths
    private Process? _process;

    public int Port { get; private init; }

    /// <summary>Address of the shared folder.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"smb://127.0.0.1:{Port}/tree");

    public static async Task<FileServer> CreateAsync(string path)
    {
        await ProcessRunner.EnsureInstalledAsync("smbclient", "samba smbclient libsmbclient");
        var server = new FileServer { Port = FindFreePort() };
        await server.StartAsync(path);
        return server;
    }

    /// <summary>Runs a command of Samba's own client on the share.</summary>
    public Task<Measuring.Sample> RunClientAsync(string command) =>
        ProcessRunner.MeasureAsync("/dev/null", "smbclient", ["-p", Port.ToString(CultureInfo.InvariantCulture), "//127.0.0.1/tree", "-N", "-c", command]);

    /// <summary>Suspends the server and all its connections, like a machine that hangs.</summary>
    public Task FreezeAsync() => SignalAsync("-STOP");

    public Task ThawAsync() => SignalAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();     // the server ends when its standard input closes
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task SignalAsync(string signal)
    {
        var id = _process!.Id.ToString(CultureInfo.InvariantCulture);
        var children = (await File.ReadAllTextAsync($"/proc/{id}/task/{id}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        await ProcessRunner.RunAsync("kill", [signal, id, .. children]);
    }

    private async Task StartAsync(string path)
    {
        var settings = Path.Combine(_folder, "smb.conf");
        await File.WriteAllTextAsync(
            settings,
            $"""
            [global]
              server role = standalone server
              interfaces = 127.0.0.1/8
              bind interfaces only = yes
              smb ports = {Port}
              disable netbios = yes
              private dir = {_folder}
              lock directory = {_folder}
              state directory = {_folder}
              cache directory = {_folder}
              pid directory = {_folder}
              ncalrpc dir = {_folder}
              passdb backend = tdbsam:{_folder}/passdb.tdb
              map to guest = Bad User
              load printers = no
              disable spoolss = yes
            [tree]
              path = {path}
              guest ok = yes
              read only = no
              force user = {Environment.UserName}

            """);
        _process = Process.Start(new ProcessStartInfo("/usr/sbin/smbd", ["--foreground", $"--configfile={settings}", "--debuglevel=0", $"--log-basename={_folder}"])
        {
            RedirectStandardInput = true,
        })!;
        for (var attempt = 0; !await CanConnectAsync(); attempt++)
        {
            if (_process.HasExited || attempt == 200)
            {
                throw new InvalidOperationException("smbd did not start.");
            }

            await Task.Delay(50);
        }
    }

    private async Task<bool> CanConnectAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
