using System.Globalization;
using Catalogizer.Domain.Common;

namespace Catalogizer.Domain.Library;

/// <summary>Validates queries and edits: one set of rules for the API, the address bar and the forms.</summary>
public sealed class MediaQueryValidator(SearchOptions options, ICatalogReader catalog)
{
    public const int MaxQueryLength = 255;
    public const int MaxPageSize = 200;
    public const double MinRating = 0;
    public const double MaxRating = 10;

    /// <summary>All errors of a query, one sentence per field; empty when it is valid.</summary>
    public async Task<IReadOnlyList<InvalidError>> ValidateAsync(MediaQuery query, CancellationToken cancellation)
    {
        var errors = new List<InvalidError>();
        if (query.Query is { Length: > MaxQueryLength })
        {
            errors.Add(new InvalidError("query", $"The query may have {MaxQueryLength} characters at most; this one has {query.Query.Length.ToString(CultureInfo.InvariantCulture)}. Shorten it."));
        }

        var years = await AllowedYearsAsync([query.Year, query.YearFrom, query.YearTo], cancellation);
        ValidateYear(errors, "year", query.Year, years);
        ValidateYear(errors, "yearFrom", query.YearFrom, years with { First = GetDecade(years.First) });
        ValidateYear(errors, "yearTo", query.YearTo, years with { Last = GetDecade(years.Last) + 9 });
        if (query.YearFrom > query.YearTo)
        {
            errors.Add(new InvalidError("yearTo", "The last year lies before the first. Swap them."));
        }

        if (query.Rating is { } rating && !(rating is >= MinRating and <= MaxRating))
        {
            errors.Add(new InvalidError("rating", "The rating must be a number from 0 to 10."));
        }

        if (query.Limit is < 1 or > MaxPageSize)
        {
            errors.Add(new InvalidError("limit", $"The limit must be a number from 1 to {MaxPageSize}."));
        }

        if (!string.IsNullOrEmpty(query.Cursor) && !catalog.IsValidCursor(query))
        {
            errors.Add(new InvalidError("cursor", "This cursor is not of a page in this order. Send the nextCursor of the page before, with the same sort, or none."));
        }

        return errors;
    }

    /// <summary>The first error of edits; null when they are valid.</summary>
    public async Task<InvalidError?> ValidateAsync(MediaEdits edits, CancellationToken cancellation)
    {
        const int maxTitleLength = 500;
        const int maxDescriptionLength = 20_000;
        if (edits.Title is { IsGiven: true, Value: { } title } && title.Trim().Length is 0 or > maxTitleLength)
        {
            return new InvalidError("title", $"The title must have 1 to {maxTitleLength} characters. To take your title back, send null.");
        }

        if (await ValidateYearAsync("year", edits.Year.Value, cancellation) is { } yearError)
        {
            return yearError;
        }

        if (edits.Description is { IsGiven: true, Value.Length: > maxDescriptionLength })
        {
            return new InvalidError("description", $"The description may have {maxDescriptionLength} characters at most.");
        }

        return edits.Rating is { IsGiven: true, Value: { } rating } && !(rating is >= MinRating and <= MaxRating)
            ? new InvalidError("rating", "The rating must be a number from 0 to 10.")
            : null;
    }

    /// <summary>The error of a year that is set; null when it is valid.</summary>
    public async Task<InvalidError?> ValidateYearAsync(string field, int? year, CancellationToken cancellation)
    {
        var errors = new List<InvalidError>();
        ValidateYear(errors, field, year, await AllowedYearsAsync([year], cancellation));
        return errors.FirstOrDefault();
    }

    /// <summary>
    /// The years of the settings, widened to those of the catalogue. The catalogue is read only where the settings do not suffice,
    /// because lists validate their query at each step.
    /// </summary>
    private async Task<YearRange> AllowedYearsAsync(int?[] requested, CancellationToken cancellation)
    {
        var years = new YearRange(options.EarliestYear, options.LatestYear);
        return Array.Exists(requested, year => year < years.First || year > years.Last) && await catalog.YearsAsync(cancellation) is { } catalogYears
            ? new YearRange(Math.Min(years.First, catalogYears.First), Math.Max(years.Last, catalogYears.Last))
            : years;
    }

    private static void ValidateYear(List<InvalidError> errors, string field, int? year, YearRange years)
    {
        if (year < years.First || year > years.Last)
        {
            errors.Add(new InvalidError(field, string.Create(CultureInfo.InvariantCulture, $"The year must be a number from {years.First} to {years.Last}.")));
        }
    }

    /// <summary>Lists are filtered by whole decades, which begin before their first item and end after their last.</summary>
    private static int GetDecade(int year) => year / 10 * 10;
}
