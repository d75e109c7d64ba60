using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>An episode by a word and no season: E07-E08, Ep04, Episode 13, [Cap.101], 第05話, 69. bölüm.</summary>
internal static class EpisodeWordForm
{
    public static EpisodeFind? Find(NameReading reading)
    {
        var name = reading.Name;
        for (var i = reading.Start; i < name.Count; i++)
        {
            if (reading.IsOpen(i) && (Worded(reading, i) ?? EastAsian(reading, i) ?? Counted(reading, i)) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static EpisodeFind? Worded(NameReading reading, int i)
    {
        var name = reading.Name;
        var word = name.Word(i);
        var last = i;
        var episodes = new List<int>(1);
        if (!EpisodeWords.TryEpisodeWord(word, episodes))
        {
            episodes.Clear();
            if (EpisodeWords.IsEpisode(word) && word.Length > 1 && i + 1 < name.Count && TryVersioned(name.Word(i + 1), out var number)
                && !name[i + 1].AfterSpacedDash && !(name[i + 1].Length == 4 && number is >= YearReader.First and <= YearReader.Last))
            {
                episodes.Add(number);
                last = i + 1;
            }
            else if (name.Number(i) > 0 && name[i].Length <= 4 && i + 1 < name.Count && EpisodeWords.IsEpisodeBehind(name.Word(i + 1)))
            {
                episodes.Add(name.Number(i));
                last = i + 1;
            }
            else
            {
                return null;
            }
        }

        // "Episode 50 (2011)": a year right behind the name's first words makes them a title.
        if (i == reading.Start && last + 1 < name.Count && name[last + 1] is { Length: 4, Group: not 0 } && name.Number(last + 1) is >= YearReader.First and <= YearReader.Last)
        {
            return null;
        }

        // Spanish releases glue the season on: Cap.102 is the second of season one.
        if (word.StartsWith("cap") && episodes[0] is > 100 and < 10000)
        {
            var season = episodes[0] / 100;
            episodes[0] %= 100;
            if (last + 1 < name.Count && name[last + 1].Before is Gap.Dash or Gap.Underscore && name.Number(last + 1) / 100 == season && name.Number(last + 1) % 100 > episodes[0])
            {
                episodes.Add(name.Number(++last) % 100);
                EpisodeRun.FillRange(episodes);
            }

            return new EpisodeFind(NamedPattern.EpisodeWord, i, last) { Season = season, Episodes = episodes };
        }

        EpisodeRun.Continue(reading, null, episodes, ref last);
        return new EpisodeFind(NamedPattern.EpisodeWord, i, last) { Episodes = episodes };
    }

    // "01", "01v2"
    private static bool TryVersioned(ReadOnlySpan<char> word, out int number)
    {
        var digits = new Digits(word);
        return digits.Read(5, out number) && digits.AtLooseEnd;
    }

    // "3 of 6", "3of6", "(3 из 6)"; of parts and discs it is the part reader's.
    private static EpisodeFind? Counted(NameReading reading, int i)
    {
        var name = reading.Name;
        var digits = new Digits(name.Word(i));
        if (i <= reading.Start || !digits.Read(3, out var number) || name.Word(i - 1) is "part" or "pt" or "cd" or "disc" or "disk" or "dvd" or "book" or "vol")
        {
            return null;
        }

        var last = i;
        if (digits.AtEnd)
        {
            if (i + 2 >= name.Count || name.Word(i + 1) is not ("of" or "von" or "из" or "di") || name.Number(i + 2) < number || name[i + 2].Length > 3)
            {
                return null;
            }

            last = i + 2;
        }
        else if (!digits.Skip("of") || !digits.Read(3, out var count) || !digits.AtEnd || count < number)
        {
            return null;
        }

        return number == 0 ? null : new EpisodeFind(NamedPattern.EpisodeWord, i, last) { Episodes = [number] };
    }

    // 第05话, 第01-15集, 5화
    private static EpisodeFind? EastAsian(NameReading reading, int i)
    {
        var name = reading.Name;
        var digits = new Digits(name.Word(i));
        var korean = !digits.Skip('第');
        if (!digits.Read(4, out var first) || (korean && digits.Rest is not ("화" or "회")))
        {
            return null;
        }

        var last = i;
        var end = first;
        if (digits.AtEnd && i + 1 < name.Count && name[i + 1].AfterTightDash)
        {
            digits = new Digits(name.Word(++last));
            if (!digits.Read(4, out end))
            {
                return null;
            }
        }

        if (digits.AtEnd || digits.Rest[0] is not ('话' or '話' or '集' or '回' or '화' or '회'))
        {
            return null;
        }

        List<int> episodes = end > first ? [first, end] : [first];
        EpisodeRun.FillRange(episodes);
        return new EpisodeFind(NamedPattern.EpisodeWord, i, last) { Episodes = episodes };
    }
}
