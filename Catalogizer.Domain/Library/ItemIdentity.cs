using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Common;
using Catalogizer.Domain.Detection;

namespace Catalogizer.Domain.Library;

/// <summary>
/// What makes two names one item. The text of an identity is a base, which all items of one name share, followed by the marks that tell these apart:
/// "film|pinocchio|2022+tmdb-532639" has the base "film|pinocchio|2022", and "series|charmed|1998" the base "series|charmed|". The identities of
/// seasons, episodes and tracks begin with those of their series and albums. Without marks, the base is the whole identity.
/// </summary>
public static class ItemIdentity
{
    private const string Imdb = "imdb-";
    private const string Tmdb = "tmdb-";
    private const string Tvdb = "tvdb-";

    /// <summary>Whether items of this kind have marks; parts have those of their series or album, plain files none.</summary>
    public static bool HasMarks(MediaKind kind) => kind is MediaKind.Film or MediaKind.Series or MediaKind.Album or MediaKind.Game or MediaKind.Book or MediaKind.Comic;

    /// <param name="kind">The kind, with the folded author or artist if it has one.</param>
    public static string Create(string kind, string foldedTitle, ItemMarks marks)
    {
        var identity = string.Create(CultureInfo.InvariantCulture, $"{kind}|{foldedTitle}|{marks.Year}");
        return marks is { ImdbId: null, TmdbId: null, TvdbId: null } ? identity : identity + FormatIds(marks);
    }

    /// <summary>The hash by which an item is found: the same for all items of one base.</summary>
    public static long ComputeHash(string identity) =>
        TextNormalizer.ComputeHash(Parse(identity) is var (start, end) && end == identity.Length ? identity.AsSpan(0, start) : identity);

    /// <summary>Whether two identities can be those of one item: the same but for marks, none of which contradict each other.</summary>
    public static bool Fits(string one, string other) => one == other || (HasSameBase(one, other) && !GetMarks(one).Contradicts(GetMarks(other)));

    /// <summary>Whether two identities are the same but for their marks.</summary>
    public static bool HasSameBase(string one, string other)
    {
        var (a, b) = (Parse(one), Parse(other));
        return one.AsSpan(0, a.MarksStart).SequenceEqual(other.AsSpan(0, b.MarksStart)) && one.AsSpan(a.MarksEnd).SequenceEqual(other.AsSpan(b.MarksEnd));
    }

    /// <summary>Whether only marks that contradict each other keep two identities from being one.</summary>
    public static bool AreToldApart(string one, string other) => one != other && HasSameBase(one, other) && GetMarks(one).Contradicts(GetMarks(other));

    public static ItemMarks GetMarks(string identity)
    {
        var marks = default(ItemMarks);
        var (start, end) = Parse(identity);
        foreach (var range in identity.AsSpan(start, end - start).Split('+'))
        {
            var mark = identity.AsSpan(start, end - start)[range];
            if (mark.StartsWith(Imdb))
            {
                marks = marks with { ImdbId = mark[Imdb.Length..].ToString() };
            }
            else if (mark.StartsWith(Tmdb))
            {
                marks = marks with { TmdbId = ParseNumber(mark[Tmdb.Length..]) };
            }
            else if (mark.StartsWith(Tvdb))
            {
                marks = marks with { TvdbId = ParseNumber(mark[Tvdb.Length..]) };
            }
            else if (!mark.IsEmpty)
            {
                marks = marks with { Year = ParseNumber(mark) };
            }
        }

        return marks;
    }

    /// <summary>The identity without its marks: the same text when it has none.</summary>
    public static string RemoveMarks(string identity)
    {
        var (start, end) = Parse(identity);
        return start == end ? identity : string.Concat(identity.AsSpan(0, start), identity.AsSpan(end));
    }

    /// <summary>The identity with these marks in the place of its own. Where the year is part of the base, it stays.</summary>
    public static string WithMarks(string identity, ItemMarks marks)
    {
        var (start, end) = Parse(identity);
        var year = HasYearInBase(identity) ? "" : marks.Year?.ToString(CultureInfo.InvariantCulture);
        return string.Concat(identity.AsSpan(0, start), $"{year}{FormatIds(marks)}", identity.AsSpan(end));
    }

    /// <summary>
    /// Which of the items of one base a name belongs to: the one with the same identity; or else the only one that shares a mark; or else the only one
    /// that contradicts no mark. Null when none or several fit, since then none does for certain.
    /// </summary>
    public static int? Choose(string wanted, IReadOnlyList<string> candidates)
    {
        var marks = GetMarks(wanted);
        var (agreeing, fitting) = (new List<int>(), new List<int>());
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates[i] == wanted)
            {
                return i;
            }

            if (HasSameBase(candidates[i], wanted) && GetMarks(candidates[i]) is var other && !marks.Contradicts(other))
            {
                (marks.AgreesWith(other) ? agreeing : fitting).Add(i);
            }
        }

        return agreeing.Count > 0 ? SingleOrNull(agreeing) : SingleOrNull(fitting);
    }

    /// <summary>
    /// The marks of an item whose files' names contradict each other: those of the first name, and of all later ones that do not contradict them.
    /// </summary>
    /// <param name="kept">The marks that the item has already.</param>
    /// <param name="named">The marks of its files' names, the oldest file first.</param>
    /// <param name="decided">What a user said of the item: the names that agree with it come first.</param>
    public static ItemMarks Keep(ItemMarks kept, IReadOnlyList<ItemMarks> named, ItemMarks decided)
    {
        foreach (var marks in named)
        {
            if (marks.AgreesWith(decided) && !kept.Contradicts(marks))
            {
                kept = kept.FilledFrom(marks);
                break;
            }
        }

        foreach (var marks in named)
        {
            kept = kept.Contradicts(marks) ? kept : kept.FilledFrom(marks);
        }

        return kept;
    }

    /// <summary>The marks that keep two items apart, as in "tmdb 532639 and 555604"; null when none does.</summary>
    public static string? DescribeDifference(string one, string other)
    {
        var (a, b) = (GetMarks(one), GetMarks(other));
        var differences = new List<string>();
        AddDifference("", a.Year, b.Year);
        AddDifference("imdb ", a.ImdbId, b.ImdbId);
        AddDifference("tmdb ", a.TmdbId, b.TmdbId);
        AddDifference("tvdb ", a.TvdbId, b.TvdbId);
        return differences.Count == 0 ? null : string.Join(", ", differences);

        void AddDifference(string name, object? first, object? second)
        {
            if (first is not null && second is not null && !first.Equals(second))
            {
                differences.Add(string.Create(CultureInfo.InvariantCulture, $"{name}{first} and {second}"));
            }
        }
    }

    private static int? SingleOrNull(List<int> found) => found is [var only] ? only : null;

    private static int? ParseNumber(ReadOnlySpan<char> digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string FormatIds(ItemMarks marks) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(marks.ImdbId is null ? "" : $"+{Imdb}{marks.ImdbId}")}{(marks.TmdbId is { } tmdb ? $"+{Tmdb}{tmdb}" : "")}{(marks.TvdbId is { } tvdb ? $"+{Tvdb}{tvdb}" : "")}");

    private static bool HasYearInBase(ReadOnlySpan<char> identity) => identity.StartsWith("film|") || identity.StartsWith("comic|");

    /// <summary>Where the marks are; both are the length of a text without a place for marks.</summary>
    private static (int MarksStart, int MarksEnd) Parse(string identity)
    {
        var text = identity.AsSpan();
        var start = 0;
        for (var names = CountNames(text); names >= 0; names--)
        {
            var bar = text[start..].IndexOf('|');
            if (bar < 0 || names == 0)
            {
                return names == 0 && start > 0 ? FindMarks(text, start) : (text.Length, text.Length);
            }

            start += bar + 1;
        }

        return (text.Length, text.Length);
    }

    /// <summary>How many texts precede the year: the kind, the author or artist if the kind has one, and the title.</summary>
    private static int CountNames(ReadOnlySpan<char> text) => text[..Math.Max(text.IndexOf('|'), 0)] switch
    {
        "film" or "series" or "comic" => 2,
        "album" or "game" or "book" => 3,
        _ => -1,
    };

    private static (int Start, int End) FindMarks(ReadOnlySpan<char> text, int start)
    {
        var length = text[start..].IndexOf('|');
        var end = length < 0 ? text.Length : start + length;
        if (HasYearInBase(text))
        {
            var plus = text[start..end].IndexOf('+');
            start = plus < 0 ? end : start + plus;
        }

        return (start, end);
    }
}
