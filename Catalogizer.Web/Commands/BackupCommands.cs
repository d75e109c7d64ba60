using System.CommandLine;
using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Catalogizer.Web.Hosting;
using Spectre.Console;

namespace Catalogizer.Web.Commands;

/// <summary><c>backup FILE</c>, <c>restore FILE</c> and <c>rekey</c>. A backup can be made while the server runs; the others need it stopped.</summary>
internal static class BackupCommands
{
    private const string NewKeyVariable = "CATALOGIZER_NEW_DB_KEY";

    public static Command CreateBackup()
    {
        var file = new Argument<string>("FILE") { Description = "The file to write. An older backup of that name is replaced." }.ValidatePath();
        var backup = new Command("backup", "Writes an encrypted backup of the catalogue, also while the server runs, and reads it back.") { file };
        backup.SetAction((parsed, cancellation) => BackUpAsync(parsed.GetValue(file)!, cancellation));
        return backup;
    }

    public static Command CreateRestore()
    {
        var file = new Argument<string>("FILE") { Description = "A backup made with the key that is set now." }.ValidatePath();
        var restore = new Command("restore", "Puts a backup in the place of the catalogue, which is kept aside. The server must be stopped.") { file };
        restore.SetAction((parsed, cancellation) => RestoreAsync(parsed.GetValue(file)!, cancellation));
        return restore;
    }

    public static Command CreateRekey()
    {
        var fromInput = new Option<bool>("--key-stdin") { Description = $"Reads the new key from standard input; otherwise it comes from {NewKeyVariable}, is made for the key file, or is asked for." };
        var rekey = new Command("rekey", "Encrypts the databases with another key. The server must be stopped.") { fromInput };
        rekey.SetAction((parsed, cancellation) => RekeyAsync(parsed.GetValue(fromInput), cancellation));
        return rekey;
    }

    private static async Task<int> BackUpAsync(string file, CancellationToken cancellation)
    {
        var (data, options) = OpenDataDirectory();
        using var owned = data;
        var key = DatabaseKey.FindExisting(options, data, Settings.Home) ?? throw MissingKey(data);
        var created = await CatalogBackup.Open(data, key).WriteAsync(file, cancellation);
        if (created.Error is { } error)
        {
            throw new StartupException(error.Message);
        }

        await Console.Out.WriteLineAsync($"{created.Value.Path} was written and read back: {FormatCounts(created.Value)}. Keep the key apart from it.");
        return 0;
    }

    private static async Task<int> RestoreAsync(string file, CancellationToken cancellation)
    {
        var (data, options) = OpenDataDirectory();
        using var owned = data;
        data.AcquireLock();
        var key = DatabaseKey.FindExisting(options, data, Settings.Home) ?? throw MissingKey(data);
        var restored = await CatalogBackup.RestoreAsync(data, key, file, cancellation);
        if (restored.Error is { } error)
        {
            throw new StartupException(error.Message);
        }

        var (report, previousFolder) = restored.Value;
        await Console.Out.WriteLineAsync($"Restored as it was on {report.MadeAt.ToString("u", CultureInfo.InvariantCulture)}: {FormatCounts(report)}.");
        await Console.Out.WriteLineAsync("Everybody signs in again with their password; API keys and password links of before have ended.");
        if (previousFolder is not null)
        {
            await Console.Out.WriteLineAsync($"The catalogue of before is kept in {previousFolder}; remove it when you no longer need it.");
        }

        return 0;
    }

    private static async Task<int> RekeyAsync(bool fromInput, CancellationToken cancellation)
    {
        var (data, options) = OpenDataDirectory();
        using var owned = data;
        data.AcquireLock();
        var current = DatabaseKey.FindExisting(options, data, Settings.Home) ?? throw MissingKey(data);
        var ours = DatabaseKey.IsManaged(options, data, Settings.Home);
        var next = await ReadNewKeyAsync(fromInput, ours, cancellation);
        if (!File.Exists(data.Database))
        {
            throw new StartupException($"There is no catalogue in {data.Path} yet.");
        }

        var changed = await KeyRotation.RotateAsync(data, current, next, ours, cancellation);
        if (changed.Error is { } error)
        {
            throw new StartupException(error.Message);
        }

        await Console.Out.WriteLineAsync(changed.Value is { } old
            ? $"The databases have another key, in {data.KeyFile}; back it up. Backups made before open with the old one, which is kept at {old}."
            : $"The databases have the new key. Give it from now on where the old one was given ({DatabaseKey.EnvironmentVariable} or the settings). Backups made before open with the old one.");
        return 0;
    }

    private static (DataDirectory Data, StorageOptions Options) OpenDataDirectory()
    {
        var configuration = new ConfigurationManager();
        Settings.Load(configuration, []);
        var options = Settings.LoadStorageOptions(configuration);
        return (DataDirectory.Open(options, Settings.Home), options);
    }

    private static async Task<string?> ReadNewKeyAsync(bool fromInput, bool ours, CancellationToken cancellation)
    {
        if (fromInput)
        {
            return await Console.In.ReadLineAsync(cancellation) is { Length: > 0 } read ? read : throw new StartupException("Standard input held no key.");
        }

        if (Environment.GetEnvironmentVariable(NewKeyVariable) is { Length: > 0 } given)
        {
            return given;
        }

        if (ours)
        {
            return null;
        }

        if (Console.IsInputRedirected || Console.IsOutputRedirected)
        {
            throw new StartupException($"The key is given from outside, so the new one has to be as well: pipe it in with --key-stdin, or set {NewKeyVariable}.");
        }

        var key = await CreateSecretPrompt("The new key:").ShowAsync(AnsiConsole.Console, cancellation);
        var repeated = await CreateSecretPrompt("The same again:").ShowAsync(AnsiConsole.Console, cancellation);
        return key == repeated ? key : throw new StartupException("The two keys are not the same.");
    }

    private static StartupException MissingKey(DataDirectory data) =>
        new($"There is no key: put the key file at {data.KeyFile}, or set {DatabaseKey.EnvironmentVariable}.");

    private static string FormatCounts(BackupReport report) =>
        string.Create(CultureInfo.InvariantCulture, $"{report.Items} items, {report.Files} files, {report.Users} accounts, {report.Bytes} bytes");

    private static TextPrompt<string> CreateSecretPrompt(string question) => new TextPrompt<string>(question).Secret(null);
}
