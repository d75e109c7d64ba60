using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;
using Catalogizer.Domain.Detection.Folders;
using Catalogizer.Web.Accounts;

namespace Catalogizer.Web.Api;

/// <summary>Detects media from paths, with the same results as the command line.</summary>
internal static class DetectEndpoints
{
    private const int MaxPaths = 10_000;

    public static void MapDetect(this IEndpointRouteBuilder api) => api
        .MapPost("/detect", Detect).WithTags("detect").RequirePermission(Permission.MediaView).ProducesValidationProblem();

    private static IResult Detect(DetectRequest request, MediaDetector detector)
    {
        if (request.Paths is not { } paths)
        {
            return ApiProblems.From(new InvalidError("paths", "Send the paths as an array of texts."));
        }

        if (paths.Count > MaxPaths || paths.Any(p => p is null))
        {
            return ApiProblems.From(new InvalidError("paths", string.Create(CultureInfo.InvariantCulture, $"Send {MaxPaths} paths at most, each a text.")));
        }

        return Results.Ok(FolderNumbering.DetectAll(detector, paths!, request.Explain).Zip(paths, (verdict, path) => VerdictJson.Create(path!, verdict, request.Explain)));
    }

    private sealed record DetectRequest(IReadOnlyList<string?>? Paths, bool Explain = false);
}
