using System.Globalization;
using System.Text;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Operations.ErrorLog;
using Catalogizer.Domain.Operations.Metrics;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>The audit log, the errors and the metrics, also as CSV for spreadsheets.</summary>
internal static class LogsEndpoints
{
    private const int MaxPageSize = 200;

    private static readonly QueryBinder<AuditQuery> AuditExportQuery = new(ReadAuditQuery);

    private static readonly QueryBinder<AuditQuery> AuditPageQuery = new(reader => ReadAuditQuery(reader) with
    {
        Before = reader.ReadId("before", "The nextCursor of the page before."),
        Limit = reader.ReadInteger("limit", "Lines of a page; 50 without it.", 1, MaxPageSize) ?? 50,
    });

    private static readonly QueryBinder<ErrorQuery> ErrorExportQuery = new(ReadErrorQuery);

    private static readonly QueryBinder<ErrorQuery> ErrorPageQuery = new(reader => ReadErrorQuery(reader) with
    {
        Skip = reader.ReadInteger("skip", "Errors to leave out at the start.", 0) ?? 0,
        Limit = reader.ReadInteger("limit", "Errors of a page; 50 without it.", 1, MaxPageSize) ?? 50,
    });

    private static readonly QueryBinder<MetricRange> MetricsQuery = new(reader =>
        reader.ReadChoice<MetricRange>("range", "How far back; hour without it.") ?? MetricRange.Hour);

    public static void MapLogs(this IEndpointRouteBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("audit").RequirePermission(Permission.SystemView);
        audit.MapGet("", (AuditReader reader, HttpContext http, CancellationToken cancellation) =>
            AuditPageQuery.HandleAsync(http, async query => Results.Ok(ToResponse(await reader.ReadAsync(http.ToActor(), query, cancellation))))).WithQuery(AuditPageQuery).Produces<AuditResponse>();
        audit.MapGet("/export", (AuditReader reader, HttpContext http, CancellationToken cancellation) =>
            AuditExportQuery.HandleAsync(http, query => Task.FromResult(StreamCsv("audit", FormatAuditLines(reader.ReadAllAsync(http.ToActor(), query, cancellation)))))).AbortWhenAccessEnds().WithQuery(AuditExportQuery).Produces<string>(contentType: "text/csv");

        var errors = api.MapGroup("/errors").WithTags("errors").RequirePermission(Permission.SystemView);
        errors.MapGet("", (ErrorService service, HttpContext http, CancellationToken cancellation) =>
            ErrorPageQuery.HandleAsync(http, async query => Results.Ok(await service.ListAsync(http.ToActor(), query, cancellation)))).WithQuery(ErrorPageQuery).Produces<ErrorPage>();
        errors.MapGet("/export", (ErrorService service, HttpContext http, CancellationToken cancellation) =>
            ErrorExportQuery.HandleAsync(http, async query => StreamCsv("errors", FormatErrorLines(await service.ListAsync(http.ToActor(), query with { Limit = 10_000 }, cancellation))))).AbortWhenAccessEnds().WithQuery(ErrorExportQuery).Produces<string>(contentType: "text/csv");
        errors.MapPut("/{id:long}", async (long id, TriageRequest request, ErrorService service, HttpContext http, CancellationToken cancellation) =>
            request.Status is { } status
                ? (await service.SetStatusAsync(http.ToActor(), id, status, cancellation)).ToHttpResult()
                : ApiProblems.From(new InvalidError("status", "Say what is to become of the error: new, resolved or ignored."))).Produces<ErrorLogEntry>().ProducesValidationProblem();

        api.MapGet("/metrics/export", (MetricsService service, HttpContext http, CancellationToken cancellation) =>
            MetricsQuery.HandleAsync(http, async range => StreamCsv("metrics", FormatMetricLines(await service.ReadAsync(http.ToActor(), range, cancellation))))).AbortWhenAccessEnds()
            .WithQuery(MetricsQuery).Produces<string>(contentType: "text/csv").WithTags("metrics").RequirePermission(Permission.SystemView);
    }

    private static AuditQuery ReadAuditQuery(QueryReader reader) => new(
        reader.ReadText("user", "The full name of a user."),
        reader.ReadText("action", "How the action begins: jobs, users.add."),
        reader.ReadText("target", "What it was done to, as kind:id, or its kind alone."),
        reader.ReadTime("from", "The earliest time."),
        reader.ReadTime("to", "The time before which it was done."));

    private static ErrorQuery ReadErrorQuery(QueryReader reader) => new(
        reader.ReadChoice<ErrorStatus>("status", "What became of the error."),
        reader.ReadText("component", "The part that failed."),
        reader.ReadText("find", "Words of the message."));

    private static AuditResponse ToResponse(Domain.Auditing.AuditPage page) => new(page.Entries, page.NextCursor);

    /// <summary>Sends the lines as they are read; browsers save them as a file.</summary>
    private static IResult StreamCsv(string name, IAsyncEnumerable<string> lines) => Results.Stream(
        async body =>
        {
            // Spreadsheets recognise UTF-8 by the byte order mark.
            await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            await foreach (var line in lines)
            {
                await writer.WriteAsync(line);
            }
        },
        "text/csv; charset=utf-8",
        string.Create(CultureInfo.InvariantCulture, $"catalogizer-{name}-{DateTime.UtcNow:yyyy-MM-dd}.csv"));

    private static async IAsyncEnumerable<string> FormatAuditLines(IAsyncEnumerable<AuditEntry> entries)
    {
        yield return Csv.FormatRow("time", "user", "userId", "address", "action", "target", "before", "after", "targetName");
        await foreach (var e in entries)
        {
            yield return Csv.FormatRow(FormatTime(e.At), e.UserName, e.UserId?.ToString(CultureInfo.InvariantCulture), e.Address, e.Action, e.Target, e.Before, e.After, e.TargetName);
        }
    }

#pragma warning disable CS1998 // All tables are sent by the same code, whether they are read page by page or at once.
    private static async IAsyncEnumerable<string> FormatErrorLines(ErrorPage page)
    {
        yield return Csv.FormatRow("lastSeen", "firstSeen", "count", "status", "component", "kind", "place", "message");
        foreach (var e in page.Errors)
        {
            yield return Csv.FormatRow(FormatTime(e.LastSeen), FormatTime(e.FirstSeen), e.Count.ToString(CultureInfo.InvariantCulture), e.Status.ToString(), e.Component, e.Kind, e.Place, e.Message);
        }
    }

    private static async IAsyncEnumerable<string> FormatMetricLines(MetricsReport report)
    {
        yield return Csv.FormatRow("time", "requests", "errors", "medianMs", "p95Ms", "p99Ms", "activeConnections", "scannedFiles", "writerQueue", "writerWaitP95Ms", "memoryMB");
        foreach (var p in report.Points)
        {
            yield return Csv.FormatRow(
                FormatTime(p.At), FormatNumber(p.Requests), FormatNumber(p.Errors), FormatNumber(p.Median), FormatNumber(p.P95), FormatNumber(p.P99), FormatNumber(p.Connections), FormatNumber(p.ScannedFiles), FormatNumber(p.WriterQueue), FormatNumber(p.WriterWaitP95), FormatNumber(p.MemoryMegabytes));
        }
    }
#pragma warning restore CS1998

    private static string FormatTime(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string? FormatNumber(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture);

    private sealed record AuditResponse(IReadOnlyList<AuditEntry> Entries, long? NextCursor);

    private sealed record TriageRequest(ErrorStatus? Status);
}
