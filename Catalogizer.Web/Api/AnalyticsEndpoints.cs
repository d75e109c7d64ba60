using System.Text;
using Catalogizer.Domain.Analytics;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Sources;
using Catalogizer.Web.Accounts;
using Catalogizer.Web.Components.Analytics;

namespace Catalogizer.Web.Api;

/// <summary>The growth of the catalogue and the tables of the analytics. Days are UTC days.</summary>
internal static class AnalyticsEndpoints
{
    private static readonly QueryBinder<(DateOnly? From, DateOnly? To)> GrowthQuery = new(reader =>
        (reader.ReadDate("from", $"The first day; {AnalyticsService.DefaultDays} days before the last without it."), reader.ReadDate("to", "The last day; today without it.")));

    public static void MapAnalytics(this IEndpointRouteBuilder api)
    {
        var analytics = api.MapGroup("/analytics").WithTags("analytics").RequirePermission(Permission.MediaView);
        analytics.MapGet("/growth", GetGrowthAsync).WithQuery(GrowthQuery).Produces<Growth>();
        analytics.MapGet("/tables/{name}", GetTableAsync).Produces<string>(contentType: "text/csv");
    }

    private static async Task<IResult> GetGrowthAsync(AnalyticsService analytics, HttpContext http, CancellationToken cancellation)
    {
        var (first, last) = GrowthQuery.Read(http, out var errors);
        if (errors.Count == 0 && (first ?? DateOnly.MinValue) > (last ?? analytics.Today))
        {
            errors["from"] = ["The first day lies behind the last one."];
        }

        return errors.Count > 0 ? ApiProblems.Invalid(errors) : Results.Ok(await analytics.GrowthAsync(http.ToActor(), first, last, cancellation));
    }

    /// <summary>A table of the last snapshot as CSV. It starts with a byte order mark, by which spreadsheets recognise UTF-8.</summary>
    private static async Task<IResult> GetTableAsync(string name, AnalyticsService analytics, SourceService sources, HttpContext http, CancellationToken cancellation)
    {
        if (!AnalyticsTables.Names.Contains(name))
        {
            return ApiProblems.From(new NotFoundError($"There is no table of that name. There are: {string.Join(", ", AnalyticsTables.Names)}."));
        }

        var actor = http.ToActor();
        var names = actor.HasPermission(Permission.SourcesView) ? (await sources.ListAsync(actor, cancellation)).ToDictionary(s => s.Id, s => s.Name) : [];
        var table = name == AnalyticsTables.GrowthName
            ? AnalyticsTables.CreateGrowth(await analytics.GrowthAsync(actor, DateOnly.MinValue, null, cancellation))
            : await analytics.ReportAsync(actor, cancellation) is { } report ? AnalyticsTables.Create(report, names).Single(t => t.Name == name) : null;
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"{name}.csv\"";
        return Results.Text("\uFEFF" + Csv.Format(table?.ToCells() ?? []), "text/csv", Encoding.UTF8);
    }
}
