using Catalogizer.Domain.Common;
using Catalogizer.Domain.Storage;
using Microsoft.EntityFrameworkCore;

namespace Catalogizer.Domain.Sources;

/// <summary>Validates descriptions of sources, and copies them to sources.</summary>
public sealed class SourceDraftValidator(SourceConnectors connectors, ICronValidator schedules)
{
    private const int MaxNameLength = 100;

    /// <summary>
    /// The first error, with the others in <see cref="Error.OtherErrors"/>; null when the draft is valid. The location is checked only when
    /// everything else is valid.
    /// </summary>
    internal async Task<Error?> ValidateAsync(CatalogDbContext db, SourceDraft draft, long? self, CancellationToken cancellation)
    {
        var name = draft.Name?.Trim() ?? "";
        var protocol = connectors.Find(draft.Protocol);
        var errors = new List<Error>();
        if (await ValidateNameAsync(db, name, self, cancellation) is { } nameError)
        {
            errors.Add(nameError);
        }

        errors.AddRange(protocol?.Validate(draft) ?? [SourceErrors.UnknownProtocol(draft.Protocol, connectors.ProtocolNames)]);
        errors.AddRange(ValidateOptions(draft));
        if (errors is [var first, .. var others])
        {
            return first with { OtherErrors = others };
        }

        var source = new Source { Name = name, Protocol = protocol!.Name };
        protocol.Apply(draft, source);
        return await ValidateLocationAsync(db, source, self, cancellation);
    }

    internal void Apply(SourceDraft draft, Source source)
    {
        connectors.Find(source.Protocol)?.Apply(draft, source);
        source.Name = draft.Name?.Trim() ?? source.Name;
        source.Purpose = Enum.TryParse<SourcePurpose>(draft.Purpose, ignoreCase: true, out var purpose) ? purpose : source.Purpose;
        source.Mode = Enum.TryParse<SourceMode>(draft.Mode, ignoreCase: true, out var mode) ? mode : source.Mode;
        source.Watch = draft.Watch ?? source.Watch;
        source.Schedule = draft.Schedule is null ? source.Schedule : draft.Schedule.Trim() is { Length: > 0 } schedule ? schedule : null;
    }

    /// <summary>The draft with omitted fields filled in from the source, so that it can be validated as a whole.</summary>
    internal static SourceDraft Complete(SourceDraft draft, Source source) => draft with
    {
        Name = draft.Name ?? source.Name,
        Protocol = source.Protocol,
        Path = draft.Path ?? source.Path,
        Host = draft.Host ?? source.Smb?.Host,
        Port = draft.Port ?? source.Smb?.Port,
        Share = draft.Share ?? source.Smb?.Share,
        Folder = draft.Folder ?? source.Smb?.Folder,
        Domain = draft.Domain ?? source.Smb?.Domain,
        Username = draft.Username ?? source.Smb?.UserName,
        Encryption = draft.Encryption ?? (source.Smb is { } smb ? SourceErrors.ToApiName(smb.Encryption) : null),
    };

    /// <summary>Requires the password again when server or user change, so that a stored password is never sent to another server.</summary>
    internal static Error? ValidatePassword(SourceDraft draft, Source source)
    {
        if (source.Smb is not { SealedPassword: not null } smb || draft.Password is not null)
        {
            return null;
        }

        var completed = Complete(draft, source);
        var isSameLogin = string.Equals(completed.Host?.Trim(), smb.Host, StringComparison.OrdinalIgnoreCase) && completed.Port == smb.Port
            && completed.Username?.Trim() == smb.UserName && (completed.Domain?.Trim() ?? "") == (smb.Domain ?? "");
        return isSameLogin || string.IsNullOrWhiteSpace(completed.Username) ? null : SourceErrors.PasswordRequired;
    }

    private static async Task<Error?> ValidateNameAsync(CatalogDbContext db, string name, long? self, CancellationToken cancellation) => name.Length switch
    {
        0 => SourceErrors.NameMissing,
        > MaxNameLength => SourceErrors.NameTooLong,
        _ => await db.Sources.AnyAsync(s => s.Name == name && s.Id != self, cancellation) ? SourceErrors.NameTaken(name) : null,
    };

    private IEnumerable<Error> ValidateOptions(SourceDraft draft)
    {
        if (draft.Purpose is not (null or "main" or "backup" or "archive"))
        {
            yield return SourceErrors.NotOneOf("purpose", draft.Purpose, "main", "backup", "archive");
        }

        if (draft.Mode is not (null or "alwaysOn" or "mostlyOffline"))
        {
            yield return SourceErrors.NotOneOf("mode", draft.Mode, "alwaysOn", "mostlyOffline");
        }

        if (!string.IsNullOrWhiteSpace(draft.Schedule) && schedules.Validate(draft.Schedule.Trim()) is { } problem)
        {
            yield return SourceErrors.InvalidSchedule(draft.Schedule.Trim(), problem);
        }
    }

    private async Task<Error?> ValidateLocationAsync(CatalogDbContext db, Source source, long? self, CancellationToken cancellation)
    {
        var isLocal = source.Protocol == "local";
        var (location, field) = (connectors.GetLocation(source), isLocal ? "path" : "share");
        var others = await db.Sources.AsNoTracking().Include(s => s.Smb)
            .Where(s => s.Protocol == source.Protocol && s.Id != self && s.Availability != SourceAvailability.Retired).ToListAsync(cancellation);
        foreach (var other in others)
        {
            var otherLocation = connectors.GetLocation(other);
            if (string.Equals(otherLocation, location, isLocal ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase))
            {
                return SourceErrors.AlreadyASource(field, other.Name);
            }

            if (IsInside(location, otherLocation, isLocal))
            {
                return SourceErrors.InsideSource(field, other.Name, otherLocation);
            }

            if (IsInside(otherLocation, location, isLocal))
            {
                return SourceErrors.ContainsSource(field, other.Name, otherLocation);
            }
        }

        return isLocal ? await ValidateReadableAsync(source, cancellation) : null;
    }

    /// <summary>A folder of this server that cannot be read is probably mistyped; a file server may just be off, so it is not checked.</summary>
    private async Task<Error?> ValidateReadableAsync(Source source, CancellationToken cancellation)
    {
        try
        {
            await using var connector = connectors.Connect(source);
            await connector.ListAsync("", cancellation);
            return null;
        }
        catch (SourceException exception)
        {
            return new InvalidError("path", exception.Message);
        }
    }

    internal static bool IsInside(string path, string folder, bool isLocal)
    {
        var (separator, comparison) = isLocal ? ('/', StringComparison.Ordinal) : ('\\', StringComparison.OrdinalIgnoreCase);
        return path.StartsWith(folder.EndsWith(separator) ? folder : folder + separator, comparison);
    }
}

/// <summary>Validates cron expressions; implemented by the scheduler.</summary>
public interface ICronValidator
{
    /// <summary>What is wrong with the expression, as a sentence; null when it is valid.</summary>
    string? Validate(string cron);
}
