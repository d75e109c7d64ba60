using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Detection.Types;

namespace Catalogizer.Domain.Detection;

/// <summary>
/// Turns the clues of the readers into an explanation: marks the clue that won for each value of the verdict. Other clues about the same
/// field stay in the list as lost.
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

    /// <summary>Returns all clues with the winners marked. A value without a clue gets one that names its part of the path.</summary>
    public static IReadOnlyList<Clue> Create(PathContext context, MediaType type, double weight, MediaFields fields)
    {
        var clues = new List<Clue>(context.ParsedName.Clues ?? []);
        MarkWinner(clues, "type", type.ToApiName(), weight, "what the owner is");
        AddReasons(clues);
        foreach (var (fact, read) in Facts)
        {
            if (read(fields) is not { } value)
            {
                continue;
            }

            var single = value is string or int or bool;
            foreach (var text in single ? [FormatValue(value)] : FormatValues(value))
            {
                MarkWinner(clues, fact, text, Math.Min(weight, 0.8), LocateInPath(context, text));
            }
        }

        return clues;
    }

    private static void MarkWinner(List<Clue> clues, string fact, string value, double weight, string from)
    {
        var best = -1;
        for (var i = 0; i < clues.Count; i++)
        {
            var fits = clues[i].LostBecause is null && clues[i].Fact == fact && clues[i].Value == value && (best < 0 || clues[i].Confidence > clues[best].Confidence);
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

    private static void AddReasons(List<Clue> clues)
    {
        var winner = clues.Find(clue => clue is { Fact: "type", Won: true })!;
        for (var i = 0; i < clues.Count; i++)
        {
            if (clues[i] is { Fact: "type", Won: false, LostBecause: null } lost)
            {
                clues[i] = lost with { LostBecause = lost.Confidence < winner.Confidence ? "lower weight" : "same weight, checked later" };
            }
        }
    }

    // The name or else the nearest folder that contains the value; when none does, the item's folder or else the name.
    private static string LocateInPath(PathContext context, string value)
    {
        if (ContainsLetters(context.Path.Stem.Text, value))
        {
            return $"name: {context.Path.Stem.Text}";
        }

        foreach (var folder in context.Path.Folders)
        {
            if (ContainsLetters(folder, value))
            {
                return $"folder: {folder}";
            }
        }

        return context.ItemFolderIndex >= 0 ? $"folder: {context.Path.Folders[context.ItemFolderIndex]}" : $"name: {context.Path.Stem.Text}";
    }

    private static bool ContainsLetters(string text, string value)
    {
        var letters = LettersAndDigits(value);
        return letters.Length > 0 && LettersAndDigits(text).Contains(letters, StringComparison.OrdinalIgnoreCase);
    }

    private static string LettersAndDigits(string text) => string.Concat(text.Where(char.IsLetterOrDigit));

    private static string FormatValue(object value) => value switch
    {
        bool => "true",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static IEnumerable<string> FormatValues(object list) => list switch
    {
        IEnumerable<int> numbers => [string.Join(',', numbers.Select(number => FormatValue(number)))],
        _ => (IEnumerable<string>)list,
    };
}
