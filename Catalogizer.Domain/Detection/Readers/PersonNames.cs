using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Whether a part of a name can be the name of people: "Ray Bradbury", "J. K. Marlow & Tess Holt", "Docter, Pete".</summary>
internal static class PersonNames
{
    private const int MaxWords = 5;

    /// <summary>Whether every part is a full name. A single word can be anything, and so it is not.</summary>
    public static bool LooksLikePeople(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var person = CutFirstPerson(ref text);
            var comma = person.IndexOf(',');
            if (comma < 0 ? CountWords(person) < 2 : !IsFamilyAndGiven(person, comma) && !IsEnumeration(person))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>"Family, Given", "Family, Given & Family, Given"</summary>
    public static bool AreFamilyAndGiven(ReadOnlySpan<char> text)
    {
        do
        {
            var person = CutFirstPerson(ref text);
            if (!IsFamilyAndGiven(person, person.IndexOf(',')))
            {
                return false;
            }
        }
        while (!text.IsEmpty);

        return true;
    }

    /// <summary>Whether both are the same name, one of them possibly as "Family, Given".</summary>
    public static bool AreSame(ReadOnlySpan<char> one, ReadOnlySpan<char> other) => TitleCleaner.HasSameLetters(one, other) || IsTurned(one, other) || IsTurned(other, one);

    /// <summary>Whether the word can start a title but no name.</summary>
    public static bool IsArticle(ReadOnlySpan<char> word) => word is "The" or "the" or "An" or "an" or "Der" or "der" or "Die" or "die" or "Das" or "das"
        or "Ein" or "Eine" or "Le" or "le" or "La" or "Les" or "les" or "Los" or "Las" or "El" or "Il" or "Un" or "Une" or "Het" or "Een";

    private static bool IsTurned(ReadOnlySpan<char> turned, ReadOnlySpan<char> plain)
    {
        var comma = turned.IndexOf(',');
        return comma > 0 && comma == turned.LastIndexOf(',') && TitleCleaner.HasSameLetters(string.Concat(turned[(comma + 1)..], " ", turned[..comma]), plain);
    }

    private static ReadOnlySpan<char> CutFirstPerson(ref ReadOnlySpan<char> text)
    {
        var (cut, length) = (text.IndexOfAny('&', ';'), 1);
        foreach (var conjunction in (ReadOnlySpan<string>)[" and ", " und ", " et "])
        {
            if (text.IndexOf(conjunction) is >= 0 and var at && (cut < 0 || at < cut))
            {
                (cut, length) = (at, conjunction.Length);
            }
        }

        var person = cut < 0 ? text : text[..cut];
        text = cut < 0 ? [] : text[(cut + length)..];
        return person.Trim();
    }

    private static bool IsFamilyAndGiven(ReadOnlySpan<char> person, int comma) => comma > 0 && person[(comma + 1)..].IndexOf(',') < 0
        && CountWords(person[..comma]) > 0 && CountWords(person[(comma + 1)..]) > 0;

    // "Ada Quist, Tess Holt"
    private static bool IsEnumeration(ReadOnlySpan<char> people)
    {
        foreach (var part in people.Split(','))
        {
            if (CountWords(people[part]) < 2)
            {
                return false;
            }
        }

        return true;
    }

    // The number of words when all of them can belong to one person's name, 0 otherwise.
    private static int CountWords(ReadOnlySpan<char> text)
    {
        var (words, capitals, isLower) = (text.StartsWith("A ") || text.StartsWith("a ") ? MaxWords : 0, 0, HasNoCapitals(text));
        foreach (var range in text.SplitAny(' ', '_', '.'))
        {
            var word = text[range];
            if (word.IsEmpty)
            {
                continue;
            }

            var isName = isLower ? !IsParticle(word) && !TitleEndReader.IsConnectingWord(word) : char.IsUpper(word[0]);
            if (!IsNameLike(word) || (!isName && !IsParticle(word)) || (words == 0 && IsArticle(word)) || ++words > MaxWords)
            {
                return 0;
            }

            capitals += isName ? 1 : 0;
        }

        return capitals == 0 ? 0 : words == 2 ? capitals : words;
    }

    private static bool HasNoCapitals(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsUpper(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNameLike(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
        {
            if (!char.IsLetter(c) && c is not ('-' or '\'' or '’'))
            {
                return false;
            }
        }

        return !word.EndsWith("'s") && !word.EndsWith("’s") && !IsBookWord(word);
    }

    private static bool IsParticle(ReadOnlySpan<char> word) => word is "de" or "da" or "do" or "dos" or "di" or "del" or "della" or "du" or "des" or "von" or "van" or "vom" or "zu"
        or "zum" or "zur" or "der" or "den" or "ter" or "ten" or "la" or "las" or "le" or "los" or "el" or "al" or "bin" or "ibn" or "y" or "e" or "i" or "af" or "av";

    private static bool IsBookWord(ReadOnlySpan<char> word) => word is "Part" or "Book" or "Vol" or "Volume" or "Issue" or "Chapter" or "Edition" or "Episode"
        or "Band" or "Teil" or "Tome" or "Heft" or "Magazine" or "Magazin" or "Journal" or "Weekly" or "Monthly" or "Quarterly" or "Guide" or "Handbook" or "Handbuch"
        or "Manual" or "Special" or "And" or "Of" or "In" or "Und" or "Et";
}
