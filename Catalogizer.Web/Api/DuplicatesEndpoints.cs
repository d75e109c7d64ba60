using System.Globalization;
using System.Text;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Duplicates;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>Exports the duplicates as a table. Nothing here changes a file.</summary>
internal static class DuplicatesEndpoints
{
    private static readonly QueryBinder<(DuplicateKind? Kind, long? Source, MediaType? Type)> ExportQuery = new(reader => (
        reader.ReadChoice<DuplicateKind>("kind", "How sure it is that copies are the same; identical without it."),
        reader.ReadId("source", "The id of a source that has a copy."),
        reader.ReadChoice<MediaType>("type", "What the items are.", MediaTypes.All, MediaTypes.TryParse)));

    public static void MapDuplicates(this IEndpointRouteBuilder api) =>
        api.MapGet("/duplicates/export", Export).AbortWhenAccessEnds().WithTags("duplicates").RequirePermission(Permission.MediaEdit).WithQuery(ExportQuery).Produces<string>(contentType: "text/csv");

    private static IResult Export(DuplicateService duplicates, HttpContext http, CancellationToken cancellation)
    {
        var (kind, source, type) = ExportQuery.Read(http, out var errors);
        if (errors.Count > 0)
        {
            return ApiProblems.Invalid(errors);
        }

        var groups = duplicates.AllAsync(http.ToActor(), new DuplicateQuery(kind ?? DuplicateKind.Identical, source, (int?)type, null, 200), cancellation);
        return Results.Stream(
            async body =>
            {
                // Spreadsheets recognise UTF-8 by the byte order mark.
                await using var writer = new StreamWriter(body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
                await writer.WriteAsync(Csv.FormatRow("group", "kind", "title", "plan", "source", "path", "bytes", "presence", "quality"));
                await foreach (var group in groups)
                {
                    foreach (var copy in group.Copies)
                    {
                        await writer.WriteAsync(Csv.FormatRow(
                            group.Id.ToString(CultureInfo.InvariantCulture), group.Kind.ToString().ToLowerInvariant(), group.Title, copy.IsRedundant ? "could go" : "stays",
                            copy.Source, copy.Path, copy.Size.ToString(CultureInfo.InvariantCulture), copy.Presence.ToApiName(), copy.Quality));
                    }
                }
            },
            "text/csv; charset=utf-8",
            "catalogizer-duplicates.csv");
    }
}
