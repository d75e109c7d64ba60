using Catalogizer.Domain.Detection;

namespace Catalogizer.Domain.Library.Storage;

/// <summary>The file that stands for a version: the first one, the largest stream of a disc, whose other files cannot be measured, or the largest program of a game.</summary>
internal static class MainFile
{
    /// <summary>Its id, as SQL.</summary>
    /// <param name="version">The version's id, as SQL.</param>
    public static string IdSql(string version) =>
        $"(SELECT n.id FROM files n WHERE n.version_id = {version} AND n.role <> {(int)FileRole.Sidecar} ORDER BY {OrderSql("n")}, n.name LIMIT 1)";

    /// <summary>Whether a file is a stream of a disc, as SQL.</summary>
    public static string IsStreamSql(string file) =>
        $"({file}.name LIKE '%.m2ts' OR {file}.name LIKE '%.mts' OR {file}.name LIKE '%.vob' OR {file}.name LIKE '%.evo')";

    /// <summary>Orders the files of a disc or game by how likely they are the main one; of other versions, all files are equal.</summary>
    public static string OrderSql(string file) => $"""
        CASE WHEN {file}.role <> {(int)FileRole.FolderPart} THEN 0
          WHEN {IsStreamSql(file)} OR {file}.name LIKE '%.exe' THEN -{file}.size ELSE 1 END
        """;
}
