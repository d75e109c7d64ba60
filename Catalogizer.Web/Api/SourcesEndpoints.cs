using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Scanning;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Sources.Resilience;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>Lists and manages sources. Responses never contain secrets.</summary>
internal static class SourcesEndpoints
{
    public static void MapSources(this IEndpointRouteBuilder api)
    {
        var sources = api.MapGroup("/sources").WithTags("sources").RequirePermission(Permission.SourcesView);
        sources.MapGet("", async (SourceService service, HttpContext http, CancellationToken cancellation) => await service.ListAsync(http.ToActor(), cancellation));
        sources.MapGet("/status", GetStatusAsync);
        sources.MapGet("/{id:long}", async (long id, SourceService service, HttpContext http, CancellationToken cancellation) =>
            (await service.GetAsync(http.ToActor(), id, cancellation)).ToHttpResult()).Produces<SourceView>();

        sources.MapGet("/{id:long}/timeline", async (long id, SourceTimeline timeline, HttpContext http, CancellationToken cancellation) =>
            (await timeline.ReadAsync(http.ToActor(), id, cancellation)).ToHttpResult()).Produces<SourceHistory>()
            .WithDescription("The states of the source, newest first, and how much of each hour of the week it answered.");

        var manage = api.MapGroup("/sources").WithTags("sources").RequirePermission(Permission.SourcesManage);
        manage.MapPost("", AddAsync).Produces<SourceView>(StatusCodes.Status201Created).ProducesValidationProblem();
        manage.MapPut("/{id:long}", async (long id, SourceDraft draft, SourceService service, HttpContext http, CancellationToken cancellation) =>
            (await service.UpdateAsync(http.ToActor(), id, draft, cancellation)).ToHttpResult()).Produces<SourceView>().ProducesValidationProblem();
        manage.MapDelete("/{id:long}", async (long id, SourceService service, HttpContext http, CancellationToken cancellation) =>
            (await service.RetireAsync(http.ToActor(), id, cancellation)).ToHttpResult())
            .Produces<SourceView>()
            .WithDescription("Archives the source: what only it has is answered with presence=retired alone, and counted in byPresence.retired alone.");
        manage.MapPost("/{id:long}/revive", async (long id, SourceService service, HttpContext http, CancellationToken cancellation) =>
            (await service.ReviveAsync(http.ToActor(), id, cancellation)).ToHttpResult()).Produces<SourceView>()
            .WithDescription("Brings an archived source back: what is on it counts again.");
        manage.MapPost("/{id:long}/pause", async (long id, SourceService service, HttpContext http, CancellationToken cancellation) =>
            (await service.PauseAsync(http.ToActor(), id, cancellation)).ToHttpResult()).Produces<SourceView>()
            .WithDescription("Stops scans, watches, media analysis and connection checks of the source.");
        manage.MapPost("/{id:long}/resume", async (long id, SourceService service, HttpContext http, CancellationToken cancellation) =>
            (await service.ResumeAsync(http.ToActor(), id, cancellation)).ToHttpResult()).Produces<SourceView>()
            .WithDescription("Ends a pause.");
        MapRemoval(manage);
        manage.MapPost("/test", async (SourceDraft draft, SourceProbe trials, HttpContext http, CancellationToken cancellation) =>
            await trials.TestAsync(http.ToActor(), draft, null, cancellation));
        manage.MapPost("/shares", async (SourceDraft draft, SourceProbe trials, HttpContext http, CancellationToken cancellation) =>
            (await trials.ListSharesAsync(http.ToActor(), draft, null, cancellation)).ToHttpResult()).Produces<IReadOnlyList<NetworkShare>>().ProducesValidationProblem()
            .WithDescription("The shares that a file server offers to the user that the body names.");
        manage.MapPost("/browse", async (SourceDraft draft, SourceProbe trials, HttpContext http, CancellationToken cancellation) =>
            await trials.BrowseAsync(http.ToActor(), draft, null, (draft.Protocol == "local" ? draft.Path : draft.Folder) ?? "", cancellation))
            .WithDescription("The folders inside the folder that the body names, on this machine or on a share.");
        manage.MapPost("/{id:long}/move", async (long id, SourceDraft draft, SourceProbe trials, HttpContext http, CancellationToken cancellation) =>
            (await trials.PreviewMoveAsync(http.ToActor(), draft, id, cancellation)).ToHttpResult()).Produces<MovePreview>().ProducesValidationProblem()
            .WithDescription("Looks whether the source's files lie where the body says. Nothing is changed: PUT moves the source.");
        manage.MapPost("/{id:long}/reset", async (long id, SourceService service, HttpContext http, CancellationToken cancellation) =>
            (await service.ResetAsync(http.ToActor(), id, cancellation)).ToHttpResult()).Produces<SourceView>()
            .WithDescription("Forgets what went wrong: the next call to the source goes out.");
        manage.MapPost("/{id:long}/scan", ScanAsync).Produces<ScanStarted>(StatusCodes.Status202Accepted);
        manage.MapPost("/{id:long}/reconnect", ReconnectAsync).Produces<ScanStarted>(StatusCodes.Status202Accepted);
    }

    private static void MapRemoval(RouteGroupBuilder manage)
    {
        manage.MapGet("/removed", async (SourceRemoval removal, HttpContext http, CancellationToken cancellation) => await removal.ListAsync(http.ToActor(), cancellation))
            .WithDescription("The removed sources that can still be brought back.");
        manage.MapPost("/{id:long}/remove", RemoveAsync).Produces<RemovalPreview>().Produces<RemovedSource>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict)
            .WithDescription("With {preview: true}: what leaves with the source and what stays, and a token. With {token}: removes the source and what only it has. It can be undone for 30 days.");
        manage.MapPost("/{id:long}/undo-remove", UndoRemoveAsync).Produces<SourceView>().ProducesProblem(StatusCodes.Status409Conflict)
            .WithDescription("Brings a removed source back as it was; with a number after its name if another source has that name now.");
        manage.MapPost("/{id:long}/purge", async (long id, SourceRemoval removal, HttpContext http, CancellationToken cancellation) =>
            (await removal.PurgeAsync(http.ToActor(), id, cancellation)).ToHttpResult()).Produces<RemovedSource>()
            .WithDescription("Deletes what the catalogue still holds of a removed source. This cannot be undone.");
    }

    private static async Task<IResult> RemoveAsync(long id, RemoveRequest request, SourceRemoval removal, HttpContext http, CancellationToken cancellation) =>
        request.Preview
            ? (await removal.PreviewAsync(http.ToActor(), id, cancellation)).ToHttpResult()
            : (await removal.RemoveAsync(http.ToActor(), id, request.Token, cancellation)).ToHttpResult();

    private static async Task<IResult> UndoRemoveAsync(long id, SourceRemoval removal, SourceService service, HttpContext http, CancellationToken cancellation)
    {
        var undone = await removal.UndoAsync(http.ToActor(), id, cancellation);
        return undone.Error is not null ? undone.ToHttpResult() : (await service.GetAsync(http.ToActor(), id, cancellation)).ToHttpResult();
    }

    private static async Task<IResult> AddAsync(SourceDraft draft, SourceService service, HttpContext http, CancellationToken cancellation)
    {
        var added = await service.AddAsync(http.ToActor(), draft with { Protocol = draft.Protocol ?? "local" }, cancellation);
        return added.IsOk ? Results.Created($"/api/v1/sources/{added.Value.Id}", added.Value) : ApiProblems.From(added.Error!);
    }

    private static async Task<SourcesStatus> GetStatusAsync(SourceService service, HttpContext http, CancellationToken cancellation)
    {
        var statuses = await service.StatusAsync(http.ToActor(), cancellation);
        int CountInState(string state) => statuses.Count(s => s.State == state);
        return new SourcesStatus(
            [.. statuses.Select(SourceState.From)], new SourcesSummary(statuses.Count, CountInState("closed"), CountInState("halfOpen"), CountInState("open"), CountInState("offline")));
    }

    private static async Task<IResult> ScanAsync(long id, ScanRequest? request, ScanService scans, HttpContext http, CancellationToken cancellation) =>
        ToAccepted(await scans.StartAsync(http.ToActor(), id, request?.Kind, cancellation));

    /// <summary>Retries the connection now; a scan updates the state of the source and finds what changed meanwhile.</summary>
    private static async Task<IResult> ReconnectAsync(long id, SourceService service, HttpContext http, CancellationToken cancellation) =>
        ToAccepted(await service.ReconnectAsync(http.ToActor(), id, cancellation));

    private static IResult ToAccepted(Result<ScanView> started) =>
        started.IsOk ? Results.Accepted($"/api/v1/scans/{started.Value.Id}", new ScanStarted(started.Value.Id)) : started.ToHttpResult();

    private sealed record RemoveRequest(bool Preview, string? Token);

    private sealed record ScanRequest(ScanKind? Kind);

    private sealed record ScanStarted(long ScanId);

    private sealed record SourcesSummary(int Total, int Closed, int HalfOpen, int Open, int Offline);

    private sealed record SourcesStatus(IReadOnlyList<SourceState> Sources, SourcesSummary Summary);

    private sealed record SourceState(
        long Id, string Name, string Protocol, string State, DateTimeOffset Since, DateTimeOffset? LastConnectedAt, string? LastError, int Attempt, DateTimeOffset? NextAttemptAt,
        string Watching, bool Retired, bool Paused, long PresentFiles, long UnknownFiles, long MissingFiles, long RetiredFiles, long? FreeBytes, long? TotalBytes, ScanResponse? LastScan, int Failures, double? LatencyMs)
    {
        public static SourceState From(SourceStatus status) => new(
            status.Id, status.Name, status.Protocol, status.State, status.Since, status.LastConnectedAt, status.LastError, status.Attempt, status.NextAttemptAt, status.Watching,
            status.Retired, status.Paused, status.PresentFiles, status.UnknownFiles, status.MissingFiles, status.RetiredFiles, status.FreeBytes, status.TotalBytes,
            status.LastScan is null ? null : ScanResponse.From(status.LastScan), status.Failures, status.LatencyMs);
    }
}
