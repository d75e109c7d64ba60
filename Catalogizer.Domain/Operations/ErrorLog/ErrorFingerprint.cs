using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Operations.ErrorLog;

/// <summary>One error as it was logged.</summary>
/// <param name="Template">The message before its values were inserted; null when there is none.</param>
/// <param name="Subject">The source, provider or cache that it is about; null when it is about none.</param>
internal sealed record LoggedError(DateTimeOffset At, string Category, string Message, string? Template, Exception? Exception, string? Subject = null);

/// <summary>Decides which errors are grouped together.</summary>
internal static partial class ErrorFingerprint
{
    private const int MaxMessageLength = 2000;
    private const int MaxDetailsLength = 16_000;

    public static ErrorLogEntry CreateEntry(LoggedError error)
    {
        var kind = error.Exception?.GetType().FullName ?? "";
        var location = FindLocation(error.Exception?.StackTrace) ?? error.Subject ?? error.Category;
        var pattern = error.Template ?? VariablePartsRegex().Replace(error.Message, "_");
        var message = error.Exception is { } exception && !error.Message.Contains(exception.Message, StringComparison.Ordinal) ? $"{error.Message.TrimEnd('.', ':')}: {exception.Message}" : error.Message;
        return new ErrorLogEntry
        {
            Fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\n{location}\n{pattern}")))[..32],
            Component = FindComponent(error.Category),
            Kind = kind,
            Place = location,
            Message = Redaction.Redact(Truncate(message, MaxMessageLength)),
            Details = error.Exception is null ? null : Redaction.Redact(Truncate(error.Exception.ToString(), MaxDetailsLength)),
            FirstSeen = error.At,
            LastSeen = error.At,
            Count = 1,
            Status = ErrorStatus.New,
        };
    }

    /// <summary>The innermost method of this program in the stack trace, or else the innermost of all.</summary>
    private static string? FindLocation(string? stack)
    {
        var frames = StackFrameRegex().Matches(stack ?? "");
        return (frames.FirstOrDefault(f => f.Groups[1].Value.StartsWith("Catalogizer.", StringComparison.Ordinal)) ?? frames.FirstOrDefault())?.Groups[1].Value;
    }

    private static string FindComponent(string category) => category.Split('.') switch
    {
        ["Catalogizer", "Domain", "Operations", var part, _, ..] => part,
        ["Catalogizer", _, var feature, _, ..] => feature,
        ["Microsoft", "EntityFrameworkCore" or "Data", ..] => "Storage",
        ["Microsoft", "AspNetCore", "Components", ..] => "Pages",
        ["Microsoft", ..] => "Web server",
        ["Quartz", ..] => "Jobs",
        _ => "Program",
    };

    private static string Truncate(string text, int maxLength) => text.Length <= maxLength ? text : text[..maxLength] + "…";

    /// <summary>Matches what varies between occurrences of the same error: quoted names, paths, identifiers, numbers.</summary>
    [GeneratedRegex("""[“"'][^”"']{0,300}[”"']|/[^\s:]{1,300}|\b[0-9a-fA-F-]{8,64}\b|\d+""")]
    private static partial Regex VariablePartsRegex();

    [GeneratedRegex(@"^\s+at ([^\s(]+)", RegexOptions.Multiline)]
    private static partial Regex StackFrameRegex();
}
