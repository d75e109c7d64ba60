using System.Globalization;
using System.Text;
using Catalogizer.Domain.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Catalogizer.Web.Hosting.Logging;

/// <summary>One line for each message, for people. Further lines of a message are indented, so that a message cannot forge log lines.</summary>
internal sealed class TextLogFormatter(TimeProvider time, DiskFailureThrottle diskFailures) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "catalogizer-text";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var replacement = diskFailures.GetReplacement(logEntry.Category, logEntry.Exception);
        if (replacement is "")
        {
            return;
        }

        var message = replacement ?? Redaction.Redact(logEntry.Formatter(logEntry.State, logEntry.Exception));
        textWriter.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetLocalNow():HH:mm:ss} {ConsoleLog.FormatLevel(logEntry.LogLevel),-5} {logEntry.Category}: {Sanitize(message)}"));
        if (logEntry.Exception is not null && replacement is null)
        {
            textWriter.WriteLine("      " + Sanitize(Redaction.Redact(logEntry.Exception.ToString())));
        }
    }

    private static string Sanitize(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var sanitized = new StringBuilder(text.Length + 32);
        foreach (var character in text)
        {
            sanitized.Append(character switch
            {
                '\n' => "\n      ",
                '\t' => " ",
                '\r' => "",
                _ when char.IsControl(character) => "�",
                _ => character.ToString(),
            });
        }

        return sanitized.ToString();
    }
}
