namespace Catalogizer.Domain.Storage.Sqlite;

/// <summary>How a file's path below its source is put together.</summary>
internal static class FilePath
{
    /// <summary>Over <c>files f</c> joined with its folder <c>folders d</c>.</summary>
    public const string Sql = "CASE d.path WHEN '' THEN f.name ELSE d.path || '/' || f.name END";
}
