using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Catalogizer.Tests.Support;

/// <summary>
/// A real Samba server of the test on a free port of this machine, run by the current user. It has the shares "guest" (open to guests),
/// "auth" (for the user), "closed" (for another user) and "secret" (encrypted only).
/// </summary>
public sealed class SmbServer : IAsyncDisposable
{
    public const string Host = "127.0.0.1";
    public const string User = "alice";
    public const string Password = "pass-Kanarienvogel-1";

    private static readonly string[] Shares = ["guest", "auth", "closed", "secret"];
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(30);

    // Not deeper: the server creates its sockets below, and their paths must be short.
    private readonly string _folder = Directory.CreateTempSubdirectory("smb").FullName;
    private readonly ConcurrentQueue<string> _outputLines = [];
    private readonly Dictionary<string, string> _shareNames = Shares.ToDictionary(share => share);
    private readonly string _globalSettings;
    private Process? _process;

    private SmbServer(string global) => _globalSettings = global;

    public int Port { get; private set; }

    /// <summary>The process that accepts connections; each connection has a child process of it.</summary>
    public int ProcessId => _process!.Id;

    /// <param name="global">Further lines of the server's settings.</param>
    public static async Task<SmbServer> StartAsync(string global = "")
    {
        var server = new SmbServer(global);
        try
        {
            Array.ForEach(Shares, share => Directory.CreateDirectory(server.PathOf(share)));
            await server.AddUserAsync();
            await server.LaunchAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Restores the initial state: the server runs, and its shares are empty.</summary>
    public async Task ResetAsync()
    {
        if (_process is null)
        {
            await LaunchAsync();
        }
        else
        {
            Thaw();
        }

        foreach (var share in Shares.Select(PathOf))
        {
            Delete(share);
            Directory.CreateDirectory(share);
        }
    }

    /// <summary>The local path of a file or folder on a share.</summary>
    public string PathOf(string name) => Path.Combine(_folder, name);

    public void Write(string name, string? content = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), content ?? name);
    }

    /// <summary>Uploads a file to the share "auth" over the network, as another machine does.</summary>
    public async Task UploadAsync(string name, string file)
    {
        var run = await CommandRun.ExecuteAsync(
            _folder, new Dictionary<string, string?>(), "smbclient", "-p", Port.ToString(CultureInfo.InvariantCulture), $"//{Host}/auth", "-U", $"{User}%{Password}", "-c", $"put \"{file}\" \"{name}\"");
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
    }

    /// <summary>Stops the server with all its connections.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.StandardInput.Close();      // the server ends when its standard input closes, and so with the tests
            using var timeout = new CancellationTokenSource(WaitTimeout);
            try
            {
                await process.WaitForExitAsync(timeout.Token);
            }
            finally
            {
                process.Kill();
                process.Dispose();
            }
        }
    }

    /// <summary>Kills the server and all its connections without a shutdown.</summary>
    public async Task KillAsync()
    {
        Signal("-KILL");
        await _process!.WaitForExitAsync();
        await StopAsync();
    }

    /// <summary>Starts it, on the same port after the first time.</summary>
    public async Task LaunchAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = Port > 0 ? Port : FreePorts.FindOne();
            WriteSettings(port);
            if (await TryStartAsync())
            {
                Port = port;
                return;
            }

            Assert.True(attempt < 5, "smbd did not start: " + string.Join('\n', _outputLines));
        }
    }

    /// <summary>Renames a share, as its administrator does who edits the settings and restarts the server.</summary>
    public async Task RenameShareAsync(string share, string name)
    {
        _shareNames[share] = name;
        await StopAsync();
        await LaunchAsync();
    }

    /// <summary>Freezes the server and all its connections, as a machine that hangs does.</summary>
    public void Freeze() => Signal("-STOP");

    public void Thaw() => Signal("-CONT");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();

        // The server starts this process to list its shares; it has its own session and ends late.
        var rpc = PathOf("samba-dcerpcd.pid");
        if (File.Exists(rpc) && int.TryParse(File.ReadAllText(rpc).Trim('\0', '\n', ' '), CultureInfo.InvariantCulture, out var id))
        {
            using var kill = Process.Start("kill", [id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }

        using var remove = Process.Start("rm", ["-rf", _folder]);
        await remove.WaitForExitAsync();
    }

    private static void Delete(string folder)
    {
        if (new DirectoryInfo(folder).LinkTarget is not null)
        {
            File.Delete(folder);
        }
        else if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task AddUserAsync()
    {
        WriteSettings(1);
        using var process = CommandRun.Start(_folder, new Dictionary<string, string?>(), "pdbedit", $"--configfile={PathOf("smb.conf")}", "-a", "-u", Environment.UserName, "-t");
        await process.StandardInput.WriteAsync($"{Password}\n{Password}\n");
        process.StandardInput.Close();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
    }

    /// <summary>Starts the server and waits until it reports that it accepts connections; returns false if it ends first.</summary>
    private async Task<bool> TryStartAsync()
    {
        var process = CommandRun.Start(
            _folder, new Dictionary<string, string?>(), "/usr/sbin/smbd", "--foreground", $"--configfile={PathOf("smb.conf")}", "--debug-stdout", "--debuglevel=2");
        _ = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(WaitTimeout);
        while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            _outputLines.Enqueue(line);
            if (line.Contains("waiting for connections", StringComparison.Ordinal))
            {
                _process = process;
                _ = DrainAsync(process.StandardOutput);
                return true;
            }
        }

        process.Kill();
        process.Dispose();
        return false;
    }

    private static async Task DrainAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is not null)
        {
        }
    }

    private void WriteSettings(int port)
    {
        var currentUser = Environment.UserName;
        File.WriteAllText(PathOf("users"), $"{currentUser} = {User}\n");
        var settings = $"""
            [global]
              server role = standalone server
              workgroup = TESTGRP
              netbios name = TESTSRV
              interfaces = 127.0.0.1/8
              bind interfaces only = yes
              smb ports = {port}
              disable netbios = yes
              private dir = {_folder}
              lock directory = {_folder}
              state directory = {_folder}
              cache directory = {_folder}
              pid directory = {_folder}
              ncalrpc dir = {_folder}
              log file = {_folder}/log.smbd
              passdb backend = tdbsam:{_folder}/passdb.tdb
              username map = {_folder}/users
              map to guest = Bad User
              guest account = nobody
              load printers = no
              printing = bsd
              printcap name = /dev/null
              disable spoolss = yes
              usershare max shares = 0
              panic action =
            {_globalSettings}

            """;
        string FormatShare(string name, string rest) => $"[{_shareNames[name]}]\n  path = {PathOf(name)}\n  read only = no\n  {rest}\n";
        File.WriteAllText(
            PathOf("smb.conf"),
            settings + FormatShare("guest", $"guest ok = yes\n  force user = {currentUser}") + FormatShare("auth", $"valid users = {currentUser}") + FormatShare("closed", "valid users = daemon")
            + FormatShare("secret", $"valid users = {currentUser}\n  smb encrypt = required"));
    }

    /// <summary>Signals the server and all its connections. It is stopped meanwhile, so that no new connection is missed.</summary>
    private void Signal(string signal)
    {
        var server = ProcessId.ToString(CultureInfo.InvariantCulture);
        Kill("-STOP", [server]);
        Kill(signal, [server, .. File.ReadAllText($"/proc/{server}/task/{server}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }

    private static void Kill(string signal, string[] processes)
    {
        using var kill = Process.Start("kill", [signal, .. processes]);
        kill.WaitForExit();
    }
}
