using Catalogizer.Domain.Storage.Sqlite;

namespace Catalogizer.Tests.Support;

/// <summary>An empty, migrated, encrypted catalogue, created once per run: a copy costs a fraction of running every migration.</summary>
internal static class TemplateCatalog
{
    private static readonly Lazy<byte[]> Database = new(Create);

    /// <summary>Puts a copy at <paramref name="path"/>; its key is <see cref="TestCatalog.Key"/>.</summary>
    public static void CopyTo(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllBytes(path, Database.Value);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static byte[] Create()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("catalogizer.db");
        using (var file = SqliteFile.Open(path, TestCatalog.Key))
        {
            CatalogDatabase.Migrate(file);
        }

        return File.ReadAllBytes(path);
    }
}
