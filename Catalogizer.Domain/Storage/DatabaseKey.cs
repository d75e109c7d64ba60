using System.Security.Cryptography;
using System.Text;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Storage;

/// <summary>Finds the passphrase that opens the databases.</summary>
public static class DatabaseKey
{
    public const string EnvironmentVariable = "CATALOGIZER_DB_KEY";

    /// <summary>
    /// Returns the environment variable, the setting or the key file, in this order. A key file is created (mode 0600) only while there is no
    /// database: a database that lost its key file must not silently get a new key.
    /// </summary>
    /// <param name="createdKeyFile">Path of a key file that was just created and must be backed up; otherwise null.</param>
    /// <exception cref="StartupException">There is a database without a key, or the key file is unusable.</exception>
    public static string GetOrCreate(StorageOptions options, DataDirectory data, string home, out string? createdKeyFile)
    {
        createdKeyFile = null;
        if (FindExisting(options, data, home) is { } existing)
        {
            return existing;
        }

        var file = GetKeyFilePath(options, data, home);
        if (File.Exists(data.Database))
        {
            throw new StartupException($"There is a database in {data.Path} but no key: put its key file back at {file}, or set {EnvironmentVariable}.");
        }

        WriteKeyFile(file, Generate());
        createdKeyFile = file;
        return ReadKeyFile(file);
    }

    /// <summary>The existing key; null when none is configured and there is no key file.</summary>
    /// <exception cref="StartupException">The key file is unusable.</exception>
    public static string? FindExisting(StorageOptions options, DataDirectory data, string home) =>
        (Environment.GetEnvironmentVariable(EnvironmentVariable) ?? options.DatabaseKey) is { Length: > 0 } existing ? existing
        : GetKeyFilePath(options, data, home) is var file && File.Exists(file) ? ReadKeyFile(file)
        : null;

    /// <summary>Whether the key is in the data folder's key file, which the program created and may change.</summary>
    public static bool IsManaged(StorageOptions options, DataDirectory data, string home) =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EnvironmentVariable) ?? options.DatabaseKey)
        && GetKeyFilePath(options, data, home) == data.KeyFile;

    internal static string Generate() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string GetKeyFilePath(StorageOptions options, DataDirectory data, string home) =>
        Path.GetFullPath(options.DatabaseKeyFile is { Length: > 0 } named ? Path.Combine(home, named) : data.KeyFile);

    /// <summary>Writes all or nothing: an empty key file, or one lost in a power cut, would lock the catalogue for ever.</summary>
    internal static void WriteKeyFile(string file, string key)
    {
        var partPath = file + ".part";
        try
        {
            File.Delete(partPath);
            using (var stream = new FileStream(partPath, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                stream.Write(Encoding.UTF8.GetBytes(key + "\n"));
                stream.Flush(flushToDisk: true);
            }

            File.Move(partPath, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The key file {file} cannot be made: {exception.Message}", exception);
        }
    }

    private static string ReadKeyFile(string file)
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
