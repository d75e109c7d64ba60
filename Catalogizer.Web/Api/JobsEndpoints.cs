using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Jobs;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>Lists and controls jobs. A job is addressed by its name: "integrity-check", or "scan:3" for the scan of source 3.</summary>
internal static class JobsEndpoints
{
    private const int MaxPageSize = 200;

    private static readonly QueryBinder<JobHistoryQuery> HistoryQuery = new(reader => new JobHistoryQuery(
        reader.ReadText("job", "The name of a job."),
        reader.ReadChoice<JobState>("state", "How the run ended.", [JobState.Succeeded, JobState.Failed, JobState.Cancelled]),
        reader.ReadInteger("skip", "Runs to leave out at the start.", 0) ?? 0,
        reader.ReadInteger("limit", "Runs of a page; 50 without it.", 1, MaxPageSize) ?? 50));

    public static void MapJobs(this IEndpointRouteBuilder api)
    {
        var jobs = api.MapGroup("/jobs").WithTags("jobs").RequirePermission(Permission.JobsManage);
        jobs.MapGet("", async (JobService service, HttpContext http, CancellationToken cancellation) => await service.ListAsync(http.ToActor(), cancellation));
        jobs.MapGet("/history", (JobService service, HttpContext http, CancellationToken cancellation) =>
            HistoryQuery.HandleAsync(http, async query => Results.Ok(await service.HistoryAsync(http.ToActor(), query, cancellation)))).WithQuery(HistoryQuery).Produces<JobHistoryPage>();
        jobs.MapPost("/{name}/run", async (string name, JobService service, HttpContext http, CancellationToken cancellation) =>
            ToAcceptedResult(await service.RunAsync(http.ToActor(), name, cancellation))).Produces<JobView>(StatusCodes.Status202Accepted);
        jobs.MapPost("/{name}/retry", async (string name, JobService service, HttpContext http, CancellationToken cancellation) =>
            ToAcceptedResult(await service.RetryAsync(http.ToActor(), name, cancellation))).Produces<JobView>(StatusCodes.Status202Accepted);
        jobs.MapPost("/{name}/pause", async (string name, JobService service, HttpContext http, CancellationToken cancellation) =>
            (await service.PauseAsync(http.ToActor(), name, cancellation)).ToHttpResult()).Produces<JobView>();
        jobs.MapPost("/{name}/resume", async (string name, JobService service, HttpContext http, CancellationToken cancellation) =>
            (await service.ResumeAsync(http.ToActor(), name, cancellation)).ToHttpResult()).Produces<JobView>();
        jobs.MapPost("/{name}/cancel", async (string name, JobService service, HttpContext http, CancellationToken cancellation) =>
            (await service.CancelAsync(http.ToActor(), name, cancellation)).ToHttpResult()).Produces<JobView>();
        jobs.MapPut("/{name}/schedule", async (string name, ScheduleRequest request, JobService service, HttpContext http, CancellationToken cancellation) =>
            (await service.SetScheduleAsync(http.ToActor(), name, request.Schedule, cancellation)).ToHttpResult()).Produces<JobView>().ProducesValidationProblem();
    }

    private static IResult ToAcceptedResult(Result<JobView> job) => job.IsOk ? Results.Accepted("/api/v1/jobs", job.Value) : job.ToHttpResult();

    private sealed record ScheduleRequest(string? Schedule);
}
