using System.Security.Cryptography;
using System.Text;

namespace Catalogizer.Domain.Storage;

/// <summary>Finds the passphrase that opens the databases.</summary>
public static class DatabaseKey
{
    public const string EnvironmentVariable = "CATALOGIZER_DB_KEY";

    /// <summary>
    /// The variable, the setting, or the key file, in this order. A key file is made (mode 0600) only where there is no
    /// database yet: one that lost its key file must not silently get another.
    /// </summary>
    /// <param name="made">The path of a key file that was made just now, to be backed up; null otherwise.</param>
    /// <exception cref="StartupException">There is a database and no key for it, or the key file is unusable.</exception>
    public static string Find(StorageOptions options, DataDirectory data, string home, out string? made)
    {
        made = null;
        if (Given(options, data, home) is { } given)
        {
            return given;
        }

        var file = FileOf(options, data, home);
        if (File.Exists(data.Database))
        {
            throw new StartupException($"There is a database in {data.Path} but no key: put its key file back at {file}, or set {EnvironmentVariable}.");
        }

        Make(file, Random());
        made = file;
        return Read(file);
    }

    /// <summary>The key that is there already; null when none is given and there is no key file.</summary>
    /// <exception cref="StartupException">The key file is unusable.</exception>
    public static string? Given(StorageOptions options, DataDirectory data, string home) =>
        (Environment.GetEnvironmentVariable(EnvironmentVariable) ?? options.DatabaseKey) is { Length: > 0 } given ? given
        : FileOf(options, data, home) is var file && File.Exists(file) ? Read(file)
        : null;

    /// <summary>Whether the key lies in the data folder, where the program made it and may change it.</summary>
    public static bool IsOurs(StorageOptions options, DataDirectory data, string home) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EnvironmentVariable) ?? options.DatabaseKey)
        && FileOf(options, data, home) == data.KeyFile;

    internal static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string FileOf(StorageOptions options, DataDirectory data, string home) =>
        Path.GetFullPath(options.DatabaseKeyFile is { Length: > 0 } named ? Path.Combine(home, named) : data.KeyFile);

    /// <summary>All or nothing: a key file that is empty, or that a power cut takes back, would lock the catalogue for ever.</summary>
    internal static void Make(string file, string key)
    {
        var part = file + ".part";
        try
        {
            File.Delete(part);
            using (var stream = new FileStream(part, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                stream.Write(Encoding.UTF8.GetBytes(key + "\n"));
                stream.Flush(flushToDisk: true);
            }

            File.Move(part, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The key file {file} cannot be made: {exception.Message}", exception);
        }
    }

    private static string Read(string file)
    {
        try
        {
            var key = File.ReadAllText(file).Trim();
            return key.Length > 0 ? key : throw new StartupException($"The key file {file} is empty. Put its backup back.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The key file {file} cannot be read: {exception.Message}", exception);
        }
    }
}
