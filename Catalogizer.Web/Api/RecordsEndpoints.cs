using System.Globalization;
using System.Text;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Auditing;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Metrics;
using Catalogizer.Domain.Records;
using Catalogizer.Web.Accounts;
using Catalogizer.Web.Components;

namespace Catalogizer.Web.Api;

/// <summary>The audit log, the errors and the measures for scripts, also as tables for spreadsheets.</summary>
internal static class RecordsEndpoints
{
    public static void MapRecords(this IEndpointRouteBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("audit").RequirePermission(Permission.SystemView);
        audit.MapGet("", async ([AsParameters] AuditFilter filter, AuditReader reader, HttpContext http, CancellationToken cancellation) =>
            Page(await reader.ReadAsync(http.ToActor(), filter.Query, cancellation)));
        audit.MapGet("/export", ([AsParameters] AuditFilter filter, AuditReader reader, HttpContext http, CancellationToken cancellation) =>
            Table("audit", AuditLines(reader.AllAsync(http.ToActor(), filter.Query, cancellation)))).EndWithAccess();

        var errors = api.MapGroup("/errors").WithTags("errors").RequirePermission(Permission.SystemView);
        errors.MapGet("", async (string? status, string? component, string? find, int? skip, int? limit, ErrorService service, HttpContext http, CancellationToken cancellation) =>
            Read(status, out var wanted) is { } wrong ? wrong : Results.Ok(await service.ListAsync(http.ToActor(), new ErrorQuery(wanted, component, find, skip ?? 0, Math.Min(limit ?? 50, 200)), cancellation)))
            .Produces<ErrorPage>().ProducesValidationProblem();
        errors.MapGet("/export", async (string? status, string? component, string? find, ErrorService service, HttpContext http, CancellationToken cancellation) =>
            Read(status, out var wanted) is { } wrong ? wrong : Table("errors", ErrorLines(await service.ListAsync(http.ToActor(), new ErrorQuery(wanted, component, find, 0, 10_000), cancellation)))).EndWithAccess();
        errors.MapPut("/{id:long}", async (long id, TriageRequest request, ErrorService service, HttpContext http, CancellationToken cancellation) =>
            request.Status is { } status
                ? (await service.SetStatusAsync(http.ToActor(), id, status, cancellation)).Respond()
                : ApiProblems.Of(new Invalid("status", "Say what is to become of the error: new, resolved or ignored."))).Produces<ErrorLog>().ProducesValidationProblem();

        api.MapGet("/metrics/export", async (string? range, MetricsService service, HttpContext http, CancellationToken cancellation) =>
            AddressParts.Word<MetricRange>(range ?? nameof(MetricRange.Hour)) is { } wanted
                ? Table("metrics", MetricLines(await service.ReadAsync(http.ToActor(), wanted, cancellation)))
                : ApiProblems.Of(new Invalid("range", $"The range is one of: {string.Join(", ", Enum.GetNames<MetricRange>()).ToLowerInvariant()}."))).EndWithAccess()
            .WithTags("metrics").RequirePermission(Permission.SystemView);
    }

    private static IResult? Read(string? status, out ErrorStatus? wanted)
    {
        wanted = Enum.TryParse<ErrorStatus>(status, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known : null;
        return status is not null && wanted is null ? ApiProblems.Of(new Invalid("status", "The status is one of: new, resolved, ignored.")) : null;
    }

    private static AuditAnswer Page(AuditPage page) => new(page.Entries, page.NextCursor);

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
        yield return Csv.Line("time", "user", "userId", "address", "action", "target", "before", "after");
        await foreach (var e in entries)
        {
            yield return Csv.Line(Time(e.At), e.UserName, e.UserId?.ToString(CultureInfo.InvariantCulture), e.Address, e.Action, e.Target, e.Before, e.After);
        }
    }

#pragma warning disable CS1998 // The tables are sent by one path, whether they are read in steps or at once.
    private static async IAsyncEnumerable<string> ErrorLines(ErrorPage page)
    {
        yield return Csv.Line("lastSeen", "firstSeen", "count", "status", "component", "kind", "place", "message");
        foreach (var e in page.Errors)
        {
            yield return Csv.Line(Time(e.LastSeen), Time(e.FirstSeen), e.Count.ToString(CultureInfo.InvariantCulture), e.Status.ToString(), e.Component, e.Kind, e.Place, e.Message);
        }
    }

    private static async IAsyncEnumerable<string> MetricLines(MetricsReport report)
    {
        yield return Csv.Line("time", "requests", "errors", "medianMs", "p95Ms", "p99Ms", "activeConnections", "scannedFiles", "writerQueue", "writerWaitP95Ms", "memoryMB");
        foreach (var p in report.Points)
        {
            yield return Csv.Line(
                Time(p.At), Number(p.Requests), Number(p.Errors), Number(p.Median), Number(p.P95), Number(p.P99), Number(p.Connections), Number(p.ScannedFiles), Number(p.WriterQueue), Number(p.WriterWaitP95), Number(p.MemoryMegabytes));
        }
    }
#pragma warning restore CS1998

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string? Number(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture);

    private sealed record AuditAnswer(IReadOnlyList<AuditEntry> Entries, long? NextCursor);

    private sealed record TriageRequest(ErrorStatus? Status);

    private sealed record AuditFilter(string? User, string? Action, string? Target, DateTimeOffset? From, DateTimeOffset? To, long? Before, int? Limit)
    {
        public AuditQuery Query => new(User, Action, Target, From, To, Before, Math.Min(Limit ?? 50, 200));
    }
}
