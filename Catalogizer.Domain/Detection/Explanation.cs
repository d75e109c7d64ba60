using System.Globalization;
using Catalogizer.Domain.Detection.Types;
using Catalogizer.Domain.Media;

namespace Catalogizer.Domain.Detection;

/// <summary>
/// Turns what the readers said into an explanation: each field of the verdict has one clue that won, and what else was said of
/// it stays beside it as lost.
/// </summary>
internal static class Explanation
{
    private static readonly (string Fact, Func<MediaFields, object?> Value)[] Facts =
    [
        ("title", f => f.Title), ("year", f => f.Year), ("season", f => f.Season), ("seasons", f => f.Seasons), ("episodes", f => f.Episodes),
        ("absolute", f => f.Absolute), ("episode_title", f => f.EpisodeTitle), ("date", f => f.Date), ("resolution", f => f.Resolution),
        ("source", f => f.Source), ("video_codec", f => f.VideoCodec), ("audio_codec", f => f.AudioCodec), ("hdr", f => f.Hdr),
        ("edition", f => f.Edition), ("release_group", f => f.ReleaseGroup), ("part", f => f.Part), ("disc", f => f.Disc), ("track", f => f.Track),
        ("artist", f => f.Artist), ("album", f => f.Album), ("author", f => f.Author), ("series", f => f.Series), ("volume", f => f.Volume),
        ("chapter", f => f.Chapter), ("version", f => f.Version), ("extra", f => f.Extra), ("imdb_id", f => f.ImdbId), ("tmdb_id", f => f.TmdbId),
        ("is_3d", f => f.Is3D), ("proper", f => f.Proper), ("bit_depth", f => f.BitDepth), ("audio_channels", f => f.AudioChannels),
        ("platform", f => f.Platform), ("languages", f => f.Languages), ("sidecar", f => f.Sidecar),
    ];

    /// <summary>The clues, the winners marked; a field that no reader said by itself says what it was put together from.</summary>
    public static IReadOnlyList<Clue> Of(Entry entry, MediaType type, double weight, MediaFields fields)
    {
        var clues = new List<Clue>(entry.Reading.Clues ?? []);
        Crown(clues, "type", type.ToApiName(), weight, "what the owner is");
        foreach (var (fact, read) in Facts)
        {
            if (read(fields) is not { } value)
            {
                continue;
            }

            var single = value is string or int or bool;
            foreach (var text in single ? [Text(value)] : Texts(value))
            {
                Crown(clues, fact, text, Math.Min(weight, 0.8), Whence(entry, text));
            }
        }

        return clues;
    }

    private static void Crown(List<Clue> clues, string fact, string value, double weight, string from)
    {
        var best = -1;
        for (var i = 0; i < clues.Count; i++)
        {
            var fits = clues[i].Fact == fact && clues[i].Value == value && (best < 0 || clues[i].Confidence > clues[best].Confidence);
            best = fits ? i : best;
        }

        if (best >= 0)
        {
            clues[best] = clues[best] with { Won = true };
        }
        else
        {
            clues.Add(new Clue(fact, value, Math.Round(weight, 3), from, Won: true));
        }
    }

    // The nearest folder that holds the words, else the name.
    private static string Whence(Entry entry, string value)
    {
        if (Holds(entry.Path.Stem.Text, value))
        {
            return $"name: {entry.Path.Stem.Text}";
        }

        foreach (var folder in entry.Path.Folders)
        {
            if (Holds(folder, value))
            {
                return $"folder: {folder}";
            }
        }

        return entry.FirstFolder >= 0 ? $"folder: {entry.Path.Folders[entry.FirstFolder]}" : $"name: {entry.Path.Stem.Text}";
    }

    private static bool Holds(string text, string value)
    {
        var letters = Letters(value);
        return letters.Length > 0 && Letters(text).Contains(letters, StringComparison.OrdinalIgnoreCase);
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private static string Text(object value) => value switch
    {
        bool => "true",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static IEnumerable<string> Texts(object list) => list switch
    {
        IEnumerable<int> numbers => [string.Join(',', numbers.Select(number => Text(number)))],
        _ => (IEnumerable<string>)list,
    };
}
