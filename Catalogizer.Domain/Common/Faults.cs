namespace Catalogizer.Domain.Common;

/// <summary>Puts faults that people can do something about into words.</summary>
public static class Faults
{
    public static string InWords(Exception exception) => exception switch
    {
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 13 } => "The disk that holds the data folder is full. Free some space and try again; nothing is lost.",
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 8 } => "The data folder cannot be written. Give it to the user that runs the program, then try again.",
        Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 10 } => "The disk that holds the data folder gave an error. Check it; nothing that was saved is lost.",
        _ => "Something went wrong inside the program; its log says what. Nothing that was saved is lost.",
    };
}
