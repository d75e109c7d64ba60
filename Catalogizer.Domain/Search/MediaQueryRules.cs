using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Search;

/// <summary>What a query may ask for: the one set of rules behind the API, the address bar and the forms.</summary>
public sealed class MediaQueryRules(SearchOptions options, ICatalogReader catalogue)
{
    public const int LongestQuery = 255;
    public const int LargestPage = 200;
    public const double LowestRating = 0;
    public const double HighestRating = 10;

    /// <summary>Everything that is wrong, a sentence a field; empty when nothing is.</summary>
    public async Task<IReadOnlyList<InvalidError>> CheckAsync(MediaQuery query, CancellationToken cancellation)
    {
        var wrong = new List<InvalidError>();
        if (query.Query is { Length: > LongestQuery })
        {
            wrong.Add(new InvalidError("query", $"The query may have {LongestQuery} characters at most; this one has {query.Query.Length.ToString(CultureInfo.InvariantCulture)}. Shorten it."));
        }

        var years = await YearsAsync([query.Year, query.YearFrom, query.YearTo], cancellation);
        CheckYear(wrong, "year", query.Year, years);
        CheckYear(wrong, "yearFrom", query.YearFrom, years with { First = DecadeOf(years.First) });
        CheckYear(wrong, "yearTo", query.YearTo, years with { Last = DecadeOf(years.Last) + 9 });
        if (query.YearFrom > query.YearTo)
        {
            wrong.Add(new InvalidError("yearTo", "The last year lies before the first. Swap them."));
        }

        if (query.Rating is { } rating && !(rating is >= LowestRating and <= HighestRating))
        {
            wrong.Add(new InvalidError("rating", "The rating must be a number from 0 to 10."));
        }

        if (query.Limit is < 1 or > LargestPage)
        {
            wrong.Add(new InvalidError("limit", $"The limit must be a number from 1 to {LargestPage}."));
        }

        if (!string.IsNullOrEmpty(query.Cursor) && !catalogue.IsValidCursor(query))
        {
            wrong.Add(new InvalidError("cursor", "This cursor is not of a page in this order. Send the nextCursor of the page before, with the same sort, or none."));
        }

        return wrong;
    }

    /// <summary>What is wrong with edits; null when nothing is.</summary>
    public async Task<InvalidError?> CheckAsync(MediaEdits edits, CancellationToken cancellation)
    {
        const int longestTitle = 500;
        const int longestDescription = 20_000;
        if (edits.Title is { IsGiven: true, Value: { } title } && title.Trim().Length is 0 or > longestTitle)
        {
            return new InvalidError("title", $"The title must have 1 to {longestTitle} characters. To take your title back, send null.");
        }

        if (await CheckYearAsync("year", edits.Year.Value, cancellation) is { } wrongYear)
        {
            return wrongYear;
        }

        if (edits.Description is { IsGiven: true, Value.Length: > longestDescription })
        {
            return new InvalidError("description", $"The description may have {longestDescription} characters at most.");
        }

        return edits.Rating is { IsGiven: true, Value: { } rating } && !(rating is >= LowestRating and <= HighestRating)
            ? new InvalidError("rating", "The rating must be a number from 0 to 10.")
            : null;
    }

    /// <summary>What is wrong with a year that is set; null when nothing is.</summary>
    public async Task<InvalidError?> CheckYearAsync(string field, int? year, CancellationToken cancellation)
    {
        var wrong = new List<InvalidError>();
        CheckYear(wrong, field, year, await YearsAsync([year], cancellation));
        return wrong.FirstOrDefault();
    }

    /// <summary>The years of the settings, widened to those of the catalogue. It is only asked where the settings' do not suffice: lists are checked at each step.</summary>
    private async Task<YearRange> YearsAsync(int?[] asked, CancellationToken cancellation)
    {
        var years = new YearRange(options.EarliestYear, options.LatestYear);
        return Array.Exists(asked, year => year < years.First || year > years.Last) && await catalogue.YearsAsync(cancellation) is { } held
            ? new YearRange(Math.Min(years.First, held.First), Math.Max(years.Last, held.Last))
            : years;
    }

    private static void CheckYear(List<InvalidError> wrong, string field, int? year, YearRange years)
    {
        if (year < years.First || year > years.Last)
        {
            wrong.Add(new InvalidError(field, string.Create(CultureInfo.InvariantCulture, $"The year must be a number from {years.First} to {years.Last}.")));
        }
    }

    /// <summary>Lists are narrowed by whole decades, which begin before their first work and end after their last.</summary>
    private static int DecadeOf(int year) => year / 10 * 10;
}
