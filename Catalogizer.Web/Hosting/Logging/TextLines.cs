using System.Globalization;
using System.Text;
using Catalogizer.Domain.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Catalogizer.Web.Hosting.Logging;

/// <summary>One line for each message, for people; further lines of the same message stand under it, so that none can be made up.</summary>
internal sealed class TextLines(TimeProvider time, DiskFaults disk) : ConsoleFormatter(Format)
{
    public const string Format = "catalogizer-text";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var instead = disk.InsteadOf(logEntry.Category, logEntry.Exception);
        if (instead is "")
        {
            return;
        }

        var said = instead ?? Redaction.Redact(logEntry.Formatter(logEntry.State, logEntry.Exception));
        textWriter.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.GetLocalNow():HH:mm:ss} {ConsoleLog.Word(logEntry.LogLevel),-5} {logEntry.Category}: {Shown(said)}"));
        if (logEntry.Exception is not null && instead is null)
        {
            textWriter.WriteLine("      " + Shown(Redaction.Redact(logEntry.Exception.ToString())));
        }
    }

    private static string Shown(string text)
    {
        if (!text.Any(char.IsControl))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 32);
        foreach (var sign in text)
        {
            shown.Append(sign switch
            {
                '\n' => "\n      ",
                '\t' => " ",
                '\r' => "",
                _ when char.IsControl(sign) => "�",
                _ => sign.ToString(),
            });
        }

        return shown.ToString();
    }
}
