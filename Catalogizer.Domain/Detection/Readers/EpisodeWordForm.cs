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
            if (reading.IsOpen(i) && (Worded(reading, i) ?? Chinese(reading, i)) is { } found)
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
            if (EpisodeWords.IsEpisode(word) && word.Length > 1 && i + 1 < name.Count && TryVersioned(name.Word(i + 1), out var number))
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

        // Spanish releases glue the season on: Cap.102 is the second of season one.
        if (word is "cap" && episodes[0] is > 100 and < 10000)
        {
            return new EpisodeFind(NamedPattern.EpisodeWord, i, last) { Season = episodes[0] / 100, Episodes = [episodes[0] % 100] };
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

    // 第05话, 第01-15集
    private static EpisodeFind? Chinese(NameReading reading, int i)
    {
        var name = reading.Name;
        var digits = new Digits(name.Word(i));
        if (!digits.Skip('第') || !digits.Read(4, out var first))
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

        if (digits.AtEnd || digits.Rest[0] is not ('话' or '話' or '集' or '回'))
        {
            return null;
        }

        List<int> episodes = end > first ? [first, end] : [first];
        EpisodeRun.FillRange(episodes);
        return new EpisodeFind(NamedPattern.EpisodeWord, i, last) { Episodes = episodes };
    }
}
