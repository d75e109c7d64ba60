using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

internal static class ScansEndpoints
{
    public static void MapScans(this IEndpointRouteBuilder api)
    {
        var scans = api.MapGroup("/scans").WithTags("scans");
        scans.MapGet("/{id:long}", async (long id, ScanService service, HttpContext http, CancellationToken cancellation) =>
            ToHttpResult(await service.GetAsync(http.ToActor(), id, cancellation))).RequirePermission(Permission.SourcesView).Produces<ScanResponse>();
        scans.MapPost("/{id:long}/cancel", async (long id, ScanService service, HttpContext http, CancellationToken cancellation) =>
            ToHttpResult(await service.CancelAsync(http.ToActor(), id, cancellation))).RequirePermission(Permission.SourcesManage).Produces<ScanResponse>();
        scans.MapPost("/{id:long}/resolve", ResolveAsync).RequirePermission(Permission.SourcesManage).Produces<ScanResponse>().ProducesValidationProblem();
    }

    private static async Task<IResult> ResolveAsync(long id, ResolveRequest request, ScanService service, HttpContext http, CancellationToken cancellation) =>
        request.Decision is { } decision
            ? ToHttpResult(await service.ResolveAsync(http.ToActor(), id, decision, cancellation))
            : ApiProblems.From(new InvalidError("decision", "Say what is to become of the losses: hold, accept or retire."));

    private static IResult ToHttpResult(Result<ScanView> scan) => scan.IsOk ? Results.Ok(ScanResponse.From(scan.Value)) : scan.ToHttpResult();

    private sealed record ResolveRequest(DeletionDecision? Decision);
}

/// <summary>A scan as the API returns it.</summary>
internal sealed record ScanResponse(
    long Id, long SourceId, ScanKind Kind, ScanState State, long Listed, long Added, long Changed, long Moved, long Missing, long Unknown, long FailedFolders, long Skipped,
    DateTimeOffset RequestedAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string? Reason, HeldDeletions? Held)
{
    public static ScanResponse From(ScanView scan) => new(
        scan.Id, scan.SourceId, scan.Kind, scan.State, scan.Listed, scan.Added, scan.Changed, scan.Moved, scan.Missing, scan.Unknown, scan.FailedFolders, scan.Skipped,
        scan.RequestedAt, scan.StartedAt, scan.FinishedAt, scan.Reason, scan.State == ScanState.Held ? new HeldDeletions(scan.Missing, scan.HeldFolders) : null);
}

internal sealed record HeldDeletions(long Missing, IReadOnlyList<HeldFolder> Folders);
