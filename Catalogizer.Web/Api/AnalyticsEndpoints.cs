using System.Globalization;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Analytics;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>How the catalogue grows, for scripts. Days are UTC days.</summary>
internal static class AnalyticsEndpoints
{
    private const string DayFormat = "yyyy-MM-dd";

    public static void MapAnalytics(this IEndpointRouteBuilder api)
    {
        var analytics = api.MapGroup("/analytics").WithTags("analytics").RequirePermission(Permission.MediaView);
        analytics.MapGet("/growth", GrowthAsync).Produces<Growth>().ProducesValidationProblem();
    }

    private static async Task<IResult> GrowthAsync(string? from, string? to, AnalyticsService analytics, HttpContext http, CancellationToken cancellation)
    {
        var wrong = new Dictionary<string, string[]>();
        var (first, last) = (Day("from", from, wrong), Day("to", to, wrong));
        if (wrong.Count == 0 && (first ?? DateOnly.MinValue) > (last ?? analytics.Today))
        {
            wrong["from"] = ["The first day lies behind the last one."];
        }

        return wrong.Count > 0 ? ApiProblems.Invalid(wrong) : Results.Ok(await analytics.GrowthAsync(http.ToActor(), first, last, cancellation));
    }

    private static DateOnly? Day(string name, string? given, Dictionary<string, string[]> wrong)
    {
        if (string.IsNullOrEmpty(given))
        {
            return null;
        }

        if (DateOnly.TryParseExact(given, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        wrong[name] = ["Send a day as YYYY-MM-DD."];
        return null;
    }
}
