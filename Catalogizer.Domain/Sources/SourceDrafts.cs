using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>Checks how a source is described and carries it over.</summary>
public sealed class SourceDrafts(SourceConnectors connectors, IScheduleCheck schedules)
{
    private const int LongestName = 100;

    /// <summary>The first thing that is wrong; null when nothing is. The folder itself is tried last.</summary>
    internal async Task<Error?> CheckAsync(CatalogDbContext db, SourceDraft draft, long? self, CancellationToken cancellation)
    {
        var name = draft.Name?.Trim();
        if (string.IsNullOrEmpty(name))
        {
            return SourceErrors.NameMissing;
        }

        if (name.Length > LongestName)
        {
            return SourceErrors.NameTooLong;
        }

        if (connectors.Find(draft.Protocol) is not { } protocol)
        {
            return SourceErrors.UnknownProtocol(draft.Protocol, connectors.Known);
        }

        if (protocol.Validate(draft).FirstOrDefault() is { } invalid)
        {
            return invalid;
        }

        if (WrongWord(draft) is { } wrong)
        {
            return wrong;
        }

        if (await db.Sources.AnyAsync(s => s.Name == name && s.Id != self, cancellation))
        {
            return SourceErrors.NameTaken(name);
        }

        return draft.Protocol == "local" ? await PlaceErrorAsync(db, draft, self, cancellation) : null;
    }

    internal static void Apply(SourceDraft draft, Source source)
    {
        source.Name = draft.Name?.Trim() ?? source.Name;
        source.Path = draft.Path is null ? source.Path : Normal(draft.Path);
        source.Purpose = Enum.TryParse<SourcePurpose>(draft.Purpose, ignoreCase: true, out var purpose) ? purpose : source.Purpose;
        source.Mode = Enum.TryParse<SourceMode>(draft.Mode, ignoreCase: true, out var mode) ? mode : source.Mode;
        source.Watch = draft.Watch ?? source.Watch;
        source.Schedule = draft.Schedule is null ? source.Schedule : draft.Schedule.Trim() is { Length: > 0 } schedule ? schedule : null;
    }

    /// <summary>The draft with what it leaves out filled in from the source, to be checked as a whole.</summary>
    internal static SourceDraft Complete(SourceDraft draft, Source source) => draft with
    {
        Name = draft.Name ?? source.Name,
        Protocol = source.Protocol,
        Path = draft.Path ?? source.Path,
    };

    private Invalid? WrongWord(SourceDraft draft)
    {
        if (draft.Purpose is not (null or "main" or "backup" or "archive"))
        {
            return SourceErrors.BadWord("purpose", draft.Purpose, "main", "backup", "archive");
        }

        if (draft.Mode is not (null or "alwaysOn" or "mostlyOffline"))
        {
            return SourceErrors.BadWord("mode", draft.Mode, "alwaysOn", "mostlyOffline");
        }

        return string.IsNullOrWhiteSpace(draft.Schedule) || schedules.Problem(draft.Schedule.Trim()) is not { } why
            ? null
            : SourceErrors.BadSchedule(draft.Schedule.Trim(), why);
    }

    private async Task<Error?> PlaceErrorAsync(CatalogDbContext db, SourceDraft draft, long? self, CancellationToken cancellation)
    {
        var path = Normal(draft.Path!);
        var others = await db.Sources.AsNoTracking()
            .Where(s => s.Protocol == "local" && s.Id != self && s.Availability != SourceAvailability.Retired).ToListAsync(cancellation);
        foreach (var other in others)
        {
            var place = connectors.Place(other);
            if (place == path)
            {
                return SourceErrors.SamePlace(other.Name);
            }

            if (IsInside(path, place))
            {
                return SourceErrors.InsideAnother(other.Name, place);
            }

            if (IsInside(place, path))
            {
                return SourceErrors.HoldsAnother(other.Name, place);
            }
        }

        try
        {
            await using var connector = connectors.Connect(new Source { Name = "", Protocol = "local", Path = path });
            await connector.ListAsync("", cancellation);
            return null;
        }
        catch (SourceFault fault)
        {
            return new Invalid("path", fault.Message);
        }
    }

    private static bool IsInside(string path, string folder) => path.StartsWith(folder.EndsWith('/') ? folder : folder + "/", StringComparison.Ordinal);

    /// <summary>Absolute, without '.', '..' and a trailing '/', links resolved: what the folder really is when it is chosen.</summary>
    private static string Normal(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        try
        {
            return Directory.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException)
        {
            return full;    // tried as it is, and the trial says what is wrong
        }
    }
}

/// <summary>Tells whether a cron expression can be used; the scheduler answers.</summary>
public interface IScheduleCheck
{
    /// <summary>What is wrong with it, as a sentence; null when nothing is.</summary>
    string? Problem(string cron);
}
