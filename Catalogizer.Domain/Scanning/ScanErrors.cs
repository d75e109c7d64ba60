using System.Globalization;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Scanning;

/// <summary>Errors of scan operations that a user can act on.</summary>
internal static class ScanErrors
{
    public static NotFoundError NoSuchScan(long id) => new(string.Create(CultureInfo.InvariantCulture, $"There is no scan {id}."));

    public static ConflictError NotHeld(long id) => new(string.Create(CultureInfo.InvariantCulture, $"Scan {id} holds no losses: only a held scan can be decided."));

    public static ConflictError NotRunning(long id) => new(string.Create(CultureInfo.InvariantCulture, $"Scan {id} is not running."));

    public static ConflictError Retired(string name) => new($"“{name}” is archived. Bring it back before scanning it.");

    public static ConflictError Paused(string name) => new($"“{name}” is paused. Resume it before scanning it.");
}
