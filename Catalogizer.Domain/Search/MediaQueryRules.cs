using System.Globalization;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Search;

/// <summary>What a query may ask for: the one set of rules behind the API, the address bar and the forms.</summary>
public sealed class MediaQueryRules(SearchOptions options)
{
    public const int LongestQuery = 255;
    public const int LargestPage = 200;

    /// <summary>Everything that is wrong, a sentence a field; empty when nothing is.</summary>
    public IReadOnlyList<Invalid> Check(MediaQuery query)
    {
        var wrong = new List<Invalid>();
        if (query.Query is { Length: > LongestQuery })
        {
            wrong.Add(new Invalid("query", $"The query may have {LongestQuery} characters at most; this one has {query.Query.Length.ToString(CultureInfo.InvariantCulture)}. Shorten it."));
        }

        CheckYear(wrong, "year", query.Year);
        CheckYear(wrong, "yearFrom", query.YearFrom);
        CheckYear(wrong, "yearTo", query.YearTo);
        if (query.YearFrom > query.YearTo)
        {
            wrong.Add(new Invalid("yearTo", "The last year lies before the first. Swap them."));
        }

        if (query.Rating is { } rating && !(rating is >= 0 and <= 10))
        {
            wrong.Add(new Invalid("rating", "The rating must be a number from 0 to 10."));
        }

        if (query.Limit is < 1 or > LargestPage)
        {
            wrong.Add(new Invalid("limit", $"The limit must be a number from 1 to {LargestPage}."));
        }

        return wrong;
    }

    /// <summary>What is wrong with edits; null when nothing is.</summary>
    public Invalid? Check(MediaEdits edits)
    {
        const int longestTitle = 500;
        const int longestDescription = 20_000;
        if (edits.Title is { IsGiven: true, Value: { } title } && title.Trim().Length is 0 or > longestTitle)
        {
            return new Invalid("title", $"The title must have 1 to {longestTitle} characters. To take your title back, send null.");
        }

        if (edits.Year is { IsGiven: true, Value: { } year } && (year < options.EarliestYear || year > options.LatestYear))
        {
            return YearError("year");
        }

        if (edits.Description is { IsGiven: true, Value.Length: > longestDescription })
        {
            return new Invalid("description", $"The description may have {longestDescription} characters at most.");
        }

        return edits.Rating is { IsGiven: true, Value: { } rating } && !(rating is >= 0 and <= 10)
            ? new Invalid("rating", "The rating must be a number from 0 to 10.")
            : null;
    }

    private void CheckYear(List<Invalid> wrong, string field, int? year)
    {
        if (year < options.EarliestYear || year > options.LatestYear)
        {
            wrong.Add(YearError(field));
        }
    }

    private Invalid YearError(string field) =>
        new(field, string.Create(CultureInfo.InvariantCulture, $"The year must be a number from {options.EarliestYear} to {options.LatestYear}."));
}
