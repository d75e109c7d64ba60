using Microsoft.Data.Sqlite;

namespace Catalogizer.Domain.Common;

/// <summary>Describes database errors to users, with what they can do about them.</summary>
public static class StorageErrors
{
    private const int ReadOnly = 8;
    private const int DiskError = 10;
    private const int DiskFull = 13;
    private const int CannotOpen = 14;

    public static string Describe(Exception exception) => FindErrorCode(exception) switch
    {
        DiskFull => "The disk that holds the data folder is full. Free some space and try again; nothing is lost.",
        ReadOnly or CannotOpen => "The data folder cannot be written. Give it to the user that runs the program, then try again.",
        DiskError => "The disk that holds the data folder gave an error. Check it; nothing that was saved is lost.",
        _ => "Something went wrong inside the program; its log says what. Nothing that was saved is lost.",
    };

    /// <summary>Whether the database could not be written because the disk is full, failing or read-only; the operation can be retried later.</summary>
    public static bool IsDiskFailure(Exception exception) => FindErrorCode(exception) is DiskFull or DiskError or ReadOnly or CannotOpen;

    private static int? FindErrorCode(Exception exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is SqliteException sqliteException)
            {
                return sqliteException.SqliteErrorCode;
            }
        }

        return null;
    }
}
