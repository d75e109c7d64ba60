using Catalogizer.Domain.Detection.Names;

namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Provider ids that people put into names: [tmdbid-603], {imdb-tt0133093}.</summary>
internal sealed class IdReader : IClueReader
{
    public void Read(NameReading reading)
    {
        var name = reading.Name;
        for (var i = 0; i < name.Count; i++)
        {
            var word = name.Word(i);
            if (word.Length is >= 9 and <= 11 && word.StartsWith("tt") && word[2..].IndexOfAnyExceptInRange('0', '9') < 0)
            {
                reading.Fields.ImdbId = word.ToString();
                reading.Say("imdb_id", word.ToString(), 0.99, "imdb id", i, i);
                Take(reading, i);
            }
            else if (name[i].Group != 0 && word.Length <= 6 && IsProvider(word) && i + 1 < name.Count)
            {
                if (word.StartsWith("tmdb") && name.Number(i + 1) is > 0 and var id)
                {
                    reading.Fields.TmdbId = id;
                    reading.Say("tmdb_id", id, 0.99, "tmdb id", i, i + 1);
                }

                Take(reading, i);
            }
        }
    }

    private static bool IsProvider(ReadOnlySpan<char> word) => word is "tmdb" or "tmdbid" or "tvdb" or "tvdbid" or "imdb" or "imdbid" or "tvmaze";

    // The whole bracket goes: what else it holds is the id's name.
    private static void Take(NameReading reading, int i)
    {
        var name = reading.Name;
        if (name[i].Group == 0)
        {
            reading.SetMark(i, i, Mark.Id);
            return;
        }

        var first = i;
        while (first > 0 && name[first - 1].Group == name[i].Group)
        {
            first--;
        }

        var last = name.BracketEnd(i);
        for (var k = first; k <= last; k++)
        {
            if (name.Word(k).StartsWith("tt") && reading.Fields.ImdbId is null && name[k].Length >= 9)
            {
                reading.Fields.ImdbId = name.Word(k).ToString();
            }
        }

        reading.SetMark(first, last, Mark.Id);
    }
}
