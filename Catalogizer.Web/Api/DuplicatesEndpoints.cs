using System.Globalization;
using System.Text;
using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Domain.Media;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>Copies of which one would do, as a table. Nothing here changes a file.</summary>
internal static class DuplicatesEndpoints
{
    public static void MapDuplicates(this IEndpointRouteBuilder api) =>
        api.MapGet("/duplicates/export", Export).EndWithAccess().WithTags("duplicates").RequirePermission(Permission.MediaEdit).Produces<string>(contentType: "text/csv").ProducesValidationProblem();

    private static IResult Export(string? kind, long? source, string? type, DuplicateService duplicates, HttpContext http, CancellationToken cancellation)
    {
        var wanted = DuplicateKind.Identical;
        if (kind is not null && (!Enum.TryParse(kind, ignoreCase: true, out wanted) || !Enum.IsDefined(wanted)))
        {
            return ApiProblems.Of(new Invalid("kind", "The kind is one of: identical, likely, lesser."));
        }

        var mediaType = MediaType.Other;
        if (type is not null && !MediaTypes.TryParse(type, out mediaType))
        {
            return ApiProblems.Of(new Invalid("type", "There is no such type."));
        }

        var groups = duplicates.AllAsync(http.ToActor(), new DuplicateQuery(wanted, source, type is null ? null : (int)mediaType, null, 200), cancellation);
        return Results.Stream(
            async body =>
            {
                // A spreadsheet takes a file for UTF-8 by its mark.
                await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
                await writer.WriteAsync(Csv.Line("group", "kind", "title", "plan", "source", "path", "bytes", "presence", "quality"));
                await foreach (var group in groups)
                {
                    foreach (var copy in group.Copies)
                    {
                        await writer.WriteAsync(Csv.Line(
                            group.Id.ToString(CultureInfo.InvariantCulture), group.Kind.ToString().ToLowerInvariant(), group.Title, copy.Surplus ? "could go" : "stays",
                            copy.Source, copy.Path, copy.Size.ToString(CultureInfo.InvariantCulture), copy.Presence.Word(), copy.Quality));
                    }
                }
            },
            "text/csv; charset=utf-8",
            "catalogizer-duplicates.csv");
    }
}
