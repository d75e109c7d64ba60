using System.Globalization;
using System.Text;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metrics;
using Catalogizer.Domain.Records;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>The audit log, the errors and the measures for scripts, also as tables for spreadsheets.</summary>
internal static class RecordsEndpoints
{
    private const int LargestPage = 200;

    private static readonly QueryForm<AuditQuery> Audit = new(ReadAudit);

    private static readonly QueryForm<AuditQuery> AuditPage = new(reader => ReadAudit(reader) with
    {
        Before = reader.Id("before", "The nextCursor of the page before."),
        Limit = reader.Whole("limit", "Lines of a page; 50 without it.", 1, LargestPage) ?? 50,
    });

    private static readonly QueryForm<ErrorQuery> Errors = new(ReadErrors);

    private static readonly QueryForm<ErrorQuery> ErrorsPage = new(reader => ReadErrors(reader) with
    {
        Skip = reader.Whole("skip", "Errors to leave out at the start.", 0) ?? 0,
        Limit = reader.Whole("limit", "Errors of a page; 50 without it.", 1, LargestPage) ?? 50,
    });

    private static readonly QueryForm<MetricRange> Metrics = new(reader =>
        reader.Word<MetricRange>("range", "How far back; hour without it.") ?? MetricRange.Hour);

    public static void MapRecords(this IEndpointRouteBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("audit").RequirePermission(Permission.SystemView);
        audit.MapGet("", (AuditReader reader, HttpContext http, CancellationToken cancellation) =>
            AuditPage.AnswerAsync(http, async query => Results.Ok(Page(await reader.ReadAsync(http.ToActor(), query, cancellation))))).Reads(AuditPage).Produces<AuditAnswer>();
        audit.MapGet("/export", (AuditReader reader, HttpContext http, CancellationToken cancellation) =>
            Audit.AnswerAsync(http, query => Task.FromResult(Table("audit", AuditLines(reader.ReadAllAsync(http.ToActor(), query, cancellation)))))).EndWithAccess().Reads(Audit).Produces<string>(contentType: "text/csv");

        var errors = api.MapGroup("/errors").WithTags("errors").RequirePermission(Permission.SystemView);
        errors.MapGet("", (ErrorService service, HttpContext http, CancellationToken cancellation) =>
            ErrorsPage.AnswerAsync(http, async query => Results.Ok(await service.ListAsync(http.ToActor(), query, cancellation)))).Reads(ErrorsPage).Produces<ErrorPage>();
        errors.MapGet("/export", (ErrorService service, HttpContext http, CancellationToken cancellation) =>
            Errors.AnswerAsync(http, async query => Table("errors", ErrorLines(await service.ListAsync(http.ToActor(), query with { Limit = 10_000 }, cancellation))))).EndWithAccess().Reads(Errors).Produces<string>(contentType: "text/csv");
        errors.MapPut("/{id:long}", async (long id, TriageRequest request, ErrorService service, HttpContext http, CancellationToken cancellation) =>
            request.Status is { } status
                ? (await service.SetStatusAsync(http.ToActor(), id, status, cancellation)).Respond()
                : ApiProblems.Of(new InvalidError("status", "Say what is to become of the error: new, resolved or ignored."))).Produces<ErrorLog>().ProducesValidationProblem();

        api.MapGet("/metrics/export", (MetricsService service, HttpContext http, CancellationToken cancellation) =>
            Metrics.AnswerAsync(http, async range => Table("metrics", MetricLines(await service.ReadAsync(http.ToActor(), range, cancellation))))).EndWithAccess()
            .Reads(Metrics).Produces<string>(contentType: "text/csv").WithTags("metrics").RequirePermission(Permission.SystemView);
    }

    private static AuditQuery ReadAudit(QueryReader reader) => new(
        reader.Text("user", "The full name of a user."),
        reader.Text("action", "How the action begins: jobs, users.add."),
        reader.Text("target", "What it was done to, as kind:id, or its kind alone."),
        reader.Time("from", "The earliest time."),
        reader.Time("to", "The time before which it was done."));

    private static ErrorQuery ReadErrors(QueryReader reader) => new(
        reader.Word<ErrorStatus>("status", "What became of the error."),
        reader.Text("component", "The part that failed."),
        reader.Text("find", "Words of the message."));

    private static AuditAnswer Page(Domain.Auditing.AuditPage page) => new(page.Entries, page.NextCursor);

    /// <summary>Sent as it is read; the browser keeps it as a file.</summary>
    private static IResult Table(string name, IAsyncEnumerable<string> lines) => Results.Stream(
        async body =>
        {
            // A spreadsheet takes a file for UTF-8 by its mark.
            await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
            await foreach (var line in lines)
            {
                await writer.WriteAsync(line);
            }
        },
        "text/csv; charset=utf-8",
        string.Create(CultureInfo.InvariantCulture, $"catalogizer-{name}-{DateTime.UtcNow:yyyy-MM-dd}.csv"));

    private static async IAsyncEnumerable<string> AuditLines(IAsyncEnumerable<AuditEntry> entries)
    {
        yield return Csv.FormatRow("time", "user", "userId", "address", "action", "target", "before", "after", "targetName");
        await foreach (var e in entries)
        {
            yield return Csv.FormatRow(Time(e.At), e.UserName, e.UserId?.ToString(CultureInfo.InvariantCulture), e.Address, e.Action, e.Target, e.Before, e.After, e.TargetName);
        }
    }

#pragma warning disable CS1998 // The tables are sent by one path, whether they are read in steps or at once.
    private static async IAsyncEnumerable<string> ErrorLines(ErrorPage page)
    {
        yield return Csv.FormatRow("lastSeen", "firstSeen", "count", "status", "component", "kind", "place", "message");
        foreach (var e in page.Errors)
        {
            yield return Csv.FormatRow(Time(e.LastSeen), Time(e.FirstSeen), e.Count.ToString(CultureInfo.InvariantCulture), e.Status.ToString(), e.Component, e.Kind, e.Place, e.Message);
        }
    }

    private static async IAsyncEnumerable<string> MetricLines(MetricsReport report)
    {
        yield return Csv.FormatRow("time", "requests", "errors", "medianMs", "p95Ms", "p99Ms", "activeConnections", "scannedFiles", "writerQueue", "writerWaitP95Ms", "memoryMB");
        foreach (var p in report.Points)
        {
            yield return Csv.FormatRow(
                Time(p.At), Number(p.Requests), Number(p.Errors), Number(p.Median), Number(p.P95), Number(p.P99), Number(p.Connections), Number(p.ScannedFiles), Number(p.WriterQueue), Number(p.WriterWaitP95), Number(p.MemoryMegabytes));
        }
    }
#pragma warning restore CS1998

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string? Number(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture);

    private sealed record AuditAnswer(IReadOnlyList<AuditEntry> Entries, long? NextCursor);

    private sealed record TriageRequest(ErrorStatus? Status);
}
