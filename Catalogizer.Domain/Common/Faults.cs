using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Common;

/// <summary>Puts faults that people can do something about into words.</summary>
public static class Faults
{
    private const int ReadOnly = 8;
    private const int DiskError = 10;
    private const int Full = 13;
    private const int CannotOpen = 14;

    public static string InWords(Exception exception) => CodeOf(exception) switch
    {
        Full => "The disk that holds the data folder is full. Free some space and try again; nothing is lost.",
        ReadOnly or CannotOpen => "The data folder cannot be written. Give it to the user that runs the program, then try again.",
        DiskError => "The disk that holds the data folder gave an error. Check it; nothing that was saved is lost.",
        _ => "Something went wrong inside the program; its log says what. Nothing that was saved is lost.",
    };

    /// <summary>Whether the database could not be written for want of space or of a disk that works: the same can be tried again later.</summary>
    public static bool IsOfDisk(Exception exception) => CodeOf(exception) is Full or DiskError or ReadOnly or CannotOpen;

    private static int? CodeOf(Exception exception)
    {
        for (var at = exception; at is not null; at = at.InnerException)
        {
            if (at is SqliteException fault)
            {
                return fault.SqliteErrorCode;
            }
        }

        return null;
    }
}
