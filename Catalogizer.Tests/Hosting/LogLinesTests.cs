using System.Diagnostics;
using System.Text.Json;
using Catalogizer.Web.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Catalogizer.Tests.Hosting;

/// <summary>The format of log lines.</summary>
public sealed partial class LogLinesTests
{
    [Fact]
    public void Json_ItemProcessed_HasItsNamedFields()
    {
        var line = WriteJson(logger => ItemProcessed(logger, "Metropolis", "movie", 1.5, 4_294_967_296L));

        Assert.Equal(("info", "Test", "Media item processed: Metropolis (movie), processing_time 1.5 ms, file_size 4294967296 bytes"), (ReadText(line, "level"), ReadText(line, "category"), ReadText(line, "message")));
        var fields = line.GetProperty("fields");
        Assert.Equal(("Metropolis", "movie", 1.5, 4_294_967_296L), (ReadText(fields, "title"), ReadText(fields, "type"), fields.GetProperty("processing_time").GetDouble(), fields.GetProperty("file_size").GetInt64()));
        Assert.EndsWith("Z", ReadText(line, "time"), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_WithinARequest_CarriesItsCorrelationId()
    {
        using var request = new Activity("request").Start();

        Assert.Equal(request.TraceId.ToString(), ReadText(WriteJson(logger => logger.LogInformation("Hello")), "correlationId"));
    }

    [Fact]
    public void Json_Secrets_AreHidden()
    {
        var line = WriteJson(logger => logger.LogError(new InvalidOperationException("with token=hunter2"), "GET {Url} as {Password}", "http://host/?token=hunter2", "hunter2"));

        Assert.DoesNotContain("host/?token=hunter2", line.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("***", ReadText(line.GetProperty("fields"), "Password"));
        Assert.Contains("token=***", ReadText(line, "exception"), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_SeveralLines_CannotBeTakenForMessagesOfTheirOwn()
    {
        var lines = WriteLine(new TextLogFormatter(TimeProvider.System, new DiskFailureThrottle(TimeProvider.System)), logger => logger.LogWarning("First\n12:00:00 info  Admin: all is well\r\u001b[31m")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.EndsWith("warn  Test: First", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("      12:00:00", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', lines[1]);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Media item processed: {title} ({type}), processing_time {processing_time} ms, file_size {file_size} bytes")]
    private static partial void ItemProcessed(ILogger logger, string title, string type, double processing_time, long file_size);

    private static JsonElement WriteJson(Action<ILogger> log)
    {
        var written = WriteLine(new JsonLogFormatter(TimeProvider.System, new DiskFailureThrottle(TimeProvider.System)), log);
        Assert.Single(written.TrimEnd().Split('\n'));
        return JsonDocument.Parse(written).RootElement;
    }

    private static string? ReadText(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static string WriteLine(ConsoleFormatter formatter, Action<ILogger> log)
    {
        using var text = new StringWriter();
        log(new FormatterLogger(formatter, text));
        return text.ToString();
    }

    private sealed class FormatterLogger(ConsoleFormatter formatter, TextWriter text) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> write) =>
            formatter.Write(new LogEntry<TState>(logLevel, "Test", eventId, state, exception, write), null, text);
    }
}
