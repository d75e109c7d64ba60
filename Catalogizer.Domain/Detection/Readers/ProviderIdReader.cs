namespace Catalogizer.Domain.Detection.Readers;

/// <summary>Provider IDs that users put into names: [tmdbid-603], {imdb-tt0133093}.</summary>
internal sealed class ProviderIdReader : IClueReader
{
    public void Read(ParsedName parsed)
    {
        var name = parsed.Name;
        for (var i = 0; i < name.Count; i++)
        {
            var word = name.Word(i);
            if (word.Length is >= 9 and <= 11 && word.StartsWith("tt") && word[2..].IndexOfAnyExceptInRange('0', '9') < 0)
            {
                parsed.Fields.ImdbId = word.ToString();
                parsed.AddClue("imdb_id", word.ToString(), 0.99, "imdb id", i, i);
                MarkAsId(parsed, i);
            }
            else if (name[i].BracketGroup != 0 && word.Length <= 6 && IsProviderName(word) && i + 1 < name.Count)
            {
                if (word.StartsWith("tmdb") && name.Number(i + 1) is > 0 and var id)
                {
                    parsed.Fields.TmdbId = id;
                    parsed.AddClue("tmdb_id", id, 0.99, "tmdb id", i, i + 1);
                }
                else if (word.StartsWith("tvdb") && name.Number(i + 1) is > 0 and var seriesId)
                {
                    parsed.Fields.TvdbId = seriesId;
                    parsed.AddClue("tvdb_id", seriesId, 0.99, "tvdb id", i, i + 1);
                }

                MarkAsId(parsed, i);
            }
        }
    }

    private static bool IsProviderName(ReadOnlySpan<char> word) => word is "tmdb" or "tmdbid" or "tvdb" or "tvdbid" or "imdb" or "imdbid" or "tvmaze";

    // Claims the whole bracket: its other words name the kind of ID.
    private static void MarkAsId(ParsedName parsed, int i)
    {
        var name = parsed.Name;
        if (name[i].BracketGroup == 0)
        {
            parsed.SetRole(i, i, TokenRole.Id);
            return;
        }

        var first = name.FindBracketFirst(i);

        var last = name.FindBracketEnd(i);
        for (var k = first; k <= last; k++)
        {
            if (name.Word(k).StartsWith("tt") && parsed.Fields.ImdbId is null && name[k].Length >= 9)
            {
                parsed.Fields.ImdbId = name.Word(k).ToString();
            }
        }

        parsed.SetRole(first, last, TokenRole.Id);
    }
}
