using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Microsoft.AspNetCore.WebUtilities;

namespace Catalogizer.Web.Components;

public enum LibraryLayout
{
    Grid,
    List,
}

/// <summary>Query and layout of the library page. All of it is in the URL.</summary>
/// <param name="Layout">Null: the layout that the user chose last.</param>
public sealed record LibraryView(MediaQuery Query, LibraryLayout? Layout = null)
{
    public static LibraryView Default { get; } = new(new MediaQuery());

    /// <summary>Whether any filter other than type and search text is set.</summary>
    public bool IsFiltered => Query with { Type = null, Sort = null, Query = null } != new MediaQuery();

    public bool HasCriteria => IsFiltered || Query.Type is not null || Query.Query is not null;
}

/// <summary>URLs of the pages, relative to the root, because a reverse proxy may publish the app below a path.</summary>
public static class CatalogUrls
{
    public const string Home = "./";
    public const string Sources = "sources";
    public const string Users = "admin/users";
    public const string Account = "account";
    public const string Analytics = "analytics";
    public const string AddSource = "sources/add";
    public const string Jobs = "admin/jobs";
    public const string Audit = "admin/audit";
    public const string Errors = "admin/errors";
    public const string Metrics = "admin/metrics";
    public const string Health = "admin/health";
    public const string Review = "matches";
    public const string Providers = "admin/providers";
    public const string Duplicates = "duplicates";

    public static string AddSourceStep(string step) => QueryHelpers.AddQueryString(AddSource, "step", step);

    /// <summary>A folder of a source, optionally searched for <paramref name="find"/>.</summary>
    public static string Files(long sourceId, string path = "", string? find = null) => QueryHelpers.AddQueryString(
        Invariant($"sources/{sourceId}/files"),
        new Dictionary<string, string?> { ["path"] = path, ["find"] = find }.Where(p => !string.IsNullOrEmpty(p.Value)).ToDictionary());

    /// <summary>Files whose analysis failed, of one source or (null) of all.</summary>
    public static string FailedFiles(long? sourceId = null) => With("failed-files", ("source", sourceId?.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The jobs page with its history filtered by state, by job or both; null means no filter.</summary>
    public static string JobHistory(string? state, string? job) => With(Jobs, ("state", state), ("job", job));

    /// <summary>Appends the values that are not empty to a path as its query string.</summary>
    public static string With(string path, params (string Name, string? Value)[] values) =>
        QueryHelpers.AddQueryString(path, values.Where(v => !string.IsNullOrEmpty(v.Value)).ToDictionary(v => v.Name, v => v.Value));

    public static string Item(long id) => Invariant($"item/{id}");

    /// <summary>The versions of an item side by side.</summary>
    public static string Compare(long id) => Invariant($"item/{id}/compare");

    public static string EditSource(long id) => Invariant($"sources/{id}/edit");

    public static string Scan(long id) => Invariant($"sources/scans/{id}");

    /// <summary>Analytics of the last <paramref name="days"/> days.</summary>
    public static string AnalyticsFor(int days) => Invariant($"{Analytics}?days={days}");

    /// <summary>An analytics table as CSV.</summary>
    public static string AnalyticsTable(string name) => $"api/v1/analytics/tables/{name}";

    /// <param name="returnTo">Absolute URL of the page to return to.</param>
    public static string SignIn(string returnTo) => QueryHelpers.AddQueryString("sign-in", "returnUrl", new Uri(returnTo).PathAndQuery);

    public static string Library() => "library";

    public static string Library(MediaQuery query) => Library(new LibraryView(query));

    public static string Library(LibraryView view)
    {
        var query = view.Query;
        return QueryHelpers.AddQueryString(Library(), new (string Name, string? Value)[]
        {
            ("query", query.Query),
            ("type", query.Type?.ToApiName()),
            ("year", FormatNumber(query.Year)),
            ("yearFrom", FormatNumber(query.YearFrom)),
            ("yearTo", FormatNumber(query.YearTo)),
            ("rating", query.Rating?.ToString("0.#", CultureInfo.InvariantCulture)),
            ("source", query.Source?.ToString(CultureInfo.InvariantCulture)),
            ("presence", query.Presence?.ToApiName()),
            ("resolution", query.Resolution),
            ("codec", query.Codec),
            ("sort", query.Sort?.ToApiName()),
            ("view", view.Layout?.ToString().ToLowerInvariant()),
        }.Where(p => !string.IsNullOrEmpty(p.Value)).ToDictionary(p => p.Name, p => p.Value));
    }

    /// <summary>The query parameters of the library page.</summary>
    public static IReadOnlyList<PageParameter> LibraryParameters { get; } =
    [
        new("query"), new("type", text => MediaTypes.TryParse(text, out _)), new("year", IsYear), new("yearFrom", IsYear), new("yearTo", IsYear), new("rating", text => ParseRating(text) is not null),
        PageParameter.ForNumber("source"), new("presence", text => Presences.TryParse(text, out _)), new("resolution"), new("codec"), new("sort", text => MediaSorts.TryParse(text, out _)),
        PageParameter.ForEnum<LibraryLayout>("view"),
    ];

    /// <summary>Parses a library URL. Invalid parameters are ignored, and the page lists them.</summary>
    public static LibraryView ParseLibrary(string address)
    {
        var parameters = PageParameters.Parse(address);
        string? GetText(string name) => parameters.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;
        int? ParseInt(string name) => int.TryParse(GetText(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        return new LibraryView(
            new MediaQuery
            {
                Query = GetText("query"),
                Type = MediaTypes.TryParse(GetText("type"), out var type) ? type : null,
                Year = ParseInt("year"),
                YearFrom = ParseInt("yearFrom"),
                YearTo = ParseInt("yearTo"),
                Rating = ParseRating(GetText("rating")),
                Source = PageParameters.ParseNumber(GetText("source")),
                Presence = Presences.TryParse(GetText("presence"), out var presence) ? presence : null,
                Resolution = GetText("resolution"),
                Codec = GetText("codec"),
                Sort = MediaSorts.TryParse(GetText("sort"), out var sort) ? sort : null,
            },
            PageParameters.ParseEnum<LibraryLayout>(GetText("view")));
    }

    private static bool IsYear(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    private static double? ParseRating(string? text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rating) && double.IsFinite(rating) ? rating : null;

    private static string? FormatNumber(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
