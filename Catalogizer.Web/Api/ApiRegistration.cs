using Catalogizer.Domain.Common;

namespace Catalogizer.Web.Api;

/// <summary>The routes under /api/v1, their OpenAPI description, and the health and metrics routes.</summary>
internal static class ApiRegistration
{
    public static IServiceCollection AddApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.DescribeQueryParameters();
        options.AddDocumentTransformer((document, _, _) =>
        {
            (document.Info.Title, document.Info.Version) = ("Catalogizer", "v1");
            return Task.CompletedTask;
        });
    });

    public static void MapApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        var api = app.MapGroup("/api/v1").RejectUnknownParameters();
        api.MapMedia();
        api.MapSources();
        api.MapScans();
        api.MapAnalytics();
        api.MapDuplicates();
        api.MapDetect();
        api.MapEvents();
        api.MapJobs();
        api.MapLogs();
        app.MapHealth();
        app.MapMetrics();
    }

    /// <summary>Maps a service's result to a response.</summary>
    public static IResult ToHttpResult<T>(this Result<T> result) => result.Error is { } error ? ApiProblems.From(error) : Results.Ok(result.Value);
}
