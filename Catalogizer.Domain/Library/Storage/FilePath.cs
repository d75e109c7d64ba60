namespace Catalogizer.Domain.Library.Storage;

/// <summary>SQL for a file's path relative to its source.</summary>
internal static class FilePath
{
    /// <summary>For <c>files f</c> joined with its folder <c>folders d</c>.</summary>
    public const string Sql = "CASE d.path WHEN '' THEN f.name ELSE d.path || '/' || f.name END";
}
