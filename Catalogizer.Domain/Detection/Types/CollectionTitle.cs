using Catalogizer.Domain.Detection.Names;
using Catalogizer.Domain.Detection.Readers;
using Catalogizer.Domain.Detection.Terms;

namespace Catalogizer.Domain.Detection.Types;

/// <summary>
/// Names of several films, or of a whole series: "Title Trilogy", "Title - The Complete Collection", "Title Complete". The words count only
/// behind a title: "The Trilogy" is one.
/// </summary>
internal static class CollectionTitle
{
    /// <summary>The end of the title without the words of a collection.</summary>
    public static int FindEnd(ParsedName parsed)
    {
        var end = FindEnd(parsed, out var word);
        return word == CollectionWord.Vague && parsed.TitleEnd >= parsed.End ? parsed.TitleEnd : end;
    }

    /// <summary>The end of the title of a folder that is a collection's by all its name.</summary>
    public static int FindEndOfName(ParsedName parsed) => FindEnd(parsed, out _);

    /// <summary>Whether the name is that of several works.</summary>
    public static bool IsCollection(ParsedName parsed) => parsed.IsNumberRange || FindEnd(parsed, out _) < parsed.TitleEnd;

    /// <summary>Whether the name is that of several films; a box may as well hold a series.</summary>
    public static bool IsOfFilms(ParsedName parsed) => parsed.Episode is null && !parsed.HasTerm(TermKind.Show)
        && (parsed.IsNumberRange || (FindEnd(parsed, out var word) < parsed.TitleEnd && word is CollectionWord.Films or CollectionWord.Vague));

    /// <summary>Whether the name says that a series is complete: "Title Complete 720p HDTV".</summary>
    public static bool IsCompleteSeries(ParsedName parsed)
    {
        if (parsed.Episode is not null || parsed.DateIndex >= 0 || (parsed.YearIndex >= 0 && !parsed.IsYearSpan) || !FilmClassifier.HasVideoTerms(parsed))
        {
            return false;
        }

        var end = FindEnd(parsed, out var word);
        return end < parsed.TitleEnd ? word == CollectionWord.Complete && !IsWholeDisc(parsed, parsed.TitleEnd)
            : parsed.Name.Is(end, "complete") && parsed.TermAt(end) is not null && !IsWholeDisc(parsed, end + 1);
    }

    // "COMPLETE.BLURAY", "COMPLETE.UHD.BLURAY": the untouched disc of one film.
    private static bool IsWholeDisc(ParsedName parsed, int next) =>
        next < parsed.Name.Count && parsed.TermAt(next) is { Value: "BluRay" or "DVD" or "HD-DVD" } && !parsed.HasTerm(TermKind.VideoCodec) && parsed.Fields.Resolution is null;

    /// <summary>Whether "complete" or "series" at the index is said of films: "Complete Collection", "The Complete Film Collection", "Movie Series".</summary>
    public static bool IsOfFilms(TokenizedName name, int index)
    {
        if (!name.Is(index, "complete"))
        {
            return CollectionWords.IsFilmWord(name.Word(index - 1));
        }

        var end = index + 1;
        while (end < name.Count && CollectionWords.IsQualifier(name.Word(end)))
        {
            end++;
        }

        return CollectionWords.IsFilmWord(name.Word(end - 1)) || (end < name.Count && CollectionWords.Read(name, end + 1, out _) is CollectionWord.Vague or CollectionWord.Films);
    }

    private static int FindEnd(ParsedName parsed, out CollectionWord word)
    {
        word = CollectionWord.None;
        var (name, end) = (parsed.Name, parsed.TitleEnd);
        if (parsed.Episode is { Episodes: not null } || parsed.DateIndex >= 0)
        {
            return end;
        }

        while (end - 1 > parsed.Start)
        {
            var read = CollectionWords.Read(name, end, out var length);
            if (read == CollectionWord.None && !(end < parsed.TitleEnd && IsQualifier(name, end, ref length)) || end - length <= parsed.Start)
            {
                break;
            }

            word = read > word ? read : word;
            end -= length;
        }

        if (word == CollectionWord.None)
        {
            return parsed.TitleEnd;
        }

        var isTitle = IsTitleOfOne(parsed, word) || TitleEndReader.IsConnectingWord(name.Word(end - 1)) || name.Word(end - 1) is "a" or "an";
        word = isTitle ? CollectionWord.None : word;
        return isTitle ? parsed.TitleEnd : end;
    }

    // "The", "Ultimate" and "3 Film" in front of "Collection".
    private static bool IsQualifier(TokenizedName name, int end, ref int length)
    {
        length = 1;
        return CollectionWords.IsQualifier(name.Word(end - 1)) || (name[end - 1] is { IsNumber: true, Length: <= 2 } && CollectionWords.IsFilmWord(name.Word(end)));
    }

    // "The Stamp Collection (2011)": what has one year is one film, what has one season one series. Only in a release name a trilogy may have one year.
    private static bool IsTitleOfOne(ParsedName parsed, CollectionWord word) => parsed.TitleEnd == parsed.YearIndex && !parsed.IsYearSpan
        ? word is CollectionWord.Vague or CollectionWord.Complete || (parsed.Name[parsed.YearIndex].BracketGroup != 0 && parsed.YearIndex + 1 >= parsed.End)
        : word == CollectionWord.Vague && parsed.Episode is { Seasons: null };
}
