using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Catalogizer.Domain.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Catalogizer.Web.Hosting.Logging;

/// <summary>
/// One JSON object per line: time, level, category, message, the message's named values under "fields", an exception, and a
/// correlation id, which is the same for everything caused by one request or one run of a job.
/// </summary>
internal sealed class JsonLogFormatter(TimeProvider time, DiskFailureThrottle diskFailures) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "catalogizer-json";

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var replacement = diskFailures.GetReplacement(logEntry.Category, logEntry.Exception);
        if (replacement is "")
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", ConsoleLog.FormatLevel(logEntry.LogLevel));
            json.WriteString("category", logEntry.Category);
            if (Activity.Current is { } activity)
            {
                json.WriteString("correlationId", activity.TraceId.ToString());
            }

            json.WriteString("message", replacement ?? Redaction.Redact(logEntry.Formatter(logEntry.State, logEntry.Exception)));
            WriteFields(json, logEntry.State as IReadOnlyList<KeyValuePair<string, object?>>);
            if (logEntry.Exception is not null && replacement is null)
            {
                json.WriteString("exception", Redaction.Redact(logEntry.Exception.ToString()));
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>>? fields)
    {
        if (fields is null or [{ Key: "{OriginalFormat}" }])
        {
            return;
        }

        json.WriteStartObject("fields");
        foreach (var (name, value) in fields)
        {
            if (name == "{OriginalFormat}")
            {
                continue;
            }

            json.WritePropertyName(name);
            if (Redaction.IsSecretName(name))
            {
                json.WriteStringValue("***");
                continue;
            }

            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case bool flag:
                    json.WriteBooleanValue(flag);
                    break;
                case int or long or short or byte or uint:
                    json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumberValue(number);
                    break;
                default:
                    json.WriteStringValue(Redaction.Redact(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                    break;
            }
        }

        json.WriteEndObject();
    }
}
