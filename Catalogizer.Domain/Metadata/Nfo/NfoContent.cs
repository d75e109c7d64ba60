using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace Catalogizer.Domain.Metadata.Nfo;

/// <summary>What kind of work an NFO file tells of, by its first element.</summary>
internal enum NfoKind
{
    /// <summary>No XML: text that may hold the address of a record.</summary>
    Text,
    Film,
    Series,
    Episode,
}

/// <summary>What an NFO file says, in the shape that Kodi writes. Anything may be missing; nothing in it is believed to be well formed.</summary>
internal sealed partial record NfoContent(
    NfoKind Kind, string? Title, string? OriginalTitle, int? Year, string? Plot, double? Rating, IReadOnlyList<string> Genres, IReadOnlyDictionary<string, string> Ids)
{
    public const int MostBytes = 1024 * 1024;
    private const int DeepestOfInterest = 3;
    private const int MostGenres = 30;

    private static readonly string[] Beginnings = ["<?xml", "<movie", "<tvshow", "<episodedetails"];

    /// <summary>Whether it ends or breaks before its first element is closed; it has what was whole before that.</summary>
    public bool IsBroken { get; init; }

    private static NfoContent Nothing { get; } = new(NfoKind.Text, null, null, null, null, null, [], new Dictionary<string, string>());

    /// <summary>Null when nothing of use is in it.</summary>
    public static NfoContent? Of(byte[] bytes)
    {
        var content = bytes.AsSpan().IndexOf((byte)'<') >= 0 ? ReadXml(bytes) : null;
        content ??= Nothing;

        // A file with a document type is no NFO that Kodi wrote: nothing is taken from it.
        var text = Encoding.Latin1.GetString(bytes);
        if (text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // An address in what is broken may be cut off, and half an id is another record's.
        if (content.IsBroken)
        {
            return content;
        }

        var ids = content.Ids.ToDictionary();
        foreach (Match address in RecordAddress().Matches(text).Take(20))
        {
            foreach (var register in (ReadOnlySpan<string>)["imdb", "tmdb", "tvdb"])
            {
                if (address.Groups[register].Value is { Length: > 0 } id)
                {
                    ids.TryAdd(register, id);
                }
            }
        }

        return content.Title is null && content.Plot is null && ids.Count == 0 ? null : content with { Ids = ids };
    }

    private static NfoContent? ReadXml(byte[] bytes)
    {
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings
            {
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                ConformanceLevel = ConformanceLevel.Fragment,    // a file of several episodes has several roots
                MaxCharactersInDocument = 4 * MostBytes,
                CheckCharacters = false,
                IgnoreComments = true,
            });
            return ReadRoot(reader) ?? (reader.EOF && IsMeantAsXml(bytes) ? Nothing with { IsBroken = true } : null);
        }
        catch (XmlException)
        {
            return IsMeantAsXml(bytes) ? Nothing with { IsBroken = true } : null;
        }
    }

    /// <summary>Whether it begins as Kodi's files do, as far as there is a beginning.</summary>
    private static bool IsMeantAsXml(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 100))).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return text.Length > 0 && Array.Exists(Beginnings, begin => text.StartsWith(begin, StringComparison.Ordinal) || begin.StartsWith(text, StringComparison.Ordinal));
    }

    private static NfoContent? ReadRoot(XmlReader reader)
    {
        if (reader.MoveToContent() != XmlNodeType.Element || KindOf(reader.LocalName) is not { } kind)
        {
            return null;
        }

        var draft = new Draft(kind);
        try
        {
            while (reader.Read() && reader.Depth > 0)
            {
                if (reader.NodeType == XmlNodeType.Element && reader.Depth <= DeepestOfInterest)
                {
                    draft.Take(reader);
                }
            }
        }
        catch (XmlException)
        {
            return draft.ToContent() with { IsBroken = true };
        }

        return draft.ToContent();
    }

    private static NfoKind? KindOf(string element) => element switch
    {
        "movie" => NfoKind.Film,
        "tvshow" => NfoKind.Series,
        "episodedetails" => NfoKind.Episode,
        _ => null,
    };

    /// <summary>An id in the shape that its register gives them; null for anything else.</summary>
    private static string? Sound(string register, string id) => register switch
    {
        "imdb" => ImdbId().IsMatch(id) ? id : null,
        "tmdb" or "tvdb" => WholeNumber().IsMatch(id) ? id : null,
        _ => null,
    };

    [GeneratedRegex(@"imdb\.com/title/(?<imdb>tt\d{5,12})|themoviedb\.org/(movie|tv)/(?<tmdb>\d{1,12})|thetvdb\.com/[^\s""'<>]{0,100}?id=(?<tvdb>\d{1,12})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex RecordAddress();

    [GeneratedRegex(@"^tt\d{5,12}$")]
    private static partial Regex ImdbId();

    [GeneratedRegex(@"^\d{1,12}$")]
    private static partial Regex WholeNumber();

    /// <summary>Gathers the elements as they come; the first of a kind stands.</summary>
    private sealed class Draft(NfoKind kind)
    {
        private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
        private readonly List<string> _genres = [];
        private string? _title;
        private string? _original;
        private string? _plot;
        private int? _year;
        private double? _rating;
        private double _outOf = 10;

        public void Take(XmlReader reader)
        {
            var (name, depth) = (reader.LocalName.ToLowerInvariant(), reader.Depth);
            switch (name, depth)
            {
                case ("title", 1):
                    _title ??= Text(reader, Read.LongestTitle);
                    break;
                case ("originaltitle", 1):
                    _original ??= Text(reader, Read.LongestTitle);
                    break;
                case ("plot", 1):
                    _plot ??= Text(reader, Read.LongestText);
                    break;
                case ("year" or "premiered" or "aired", 1):
                    _year ??= YearOf(Text(reader, 30));
                    break;
                case ("genre", 1) when _genres.Count < MostGenres && Text(reader, 100) is { } genre:
                    _genres.Add(genre);
                    break;
                case ("rating", 2):
                    _outOf = double.TryParse(reader.GetAttribute("max"), NumberStyles.Float, CultureInfo.InvariantCulture, out var most) && most is >= 1 and <= 1000 ? most : 10;
                    break;
                case ("value", 3) or ("rating", 1):
                    _rating ??= RatingOf(Text(reader, 30));
                    break;
                case ("uniqueid", 1):
                    var register = reader.GetAttribute("type")?.ToLowerInvariant() ?? "";
                    Keep(register, Text(reader, 50));
                    break;
                case ("imdbid" or "imdb_id" or "tmdbid" or "tvdbid", 1):
                    Keep(name[..4], Text(reader, 50));
                    break;
                case ("id", 1) when Text(reader, 50) is { } id:
                    Keep(id.StartsWith("tt", StringComparison.Ordinal) ? "imdb" : kind == NfoKind.Series ? "tvdb" : "", id);
                    break;
                default:
                    break;
            }
        }

        public NfoContent ToContent() => new(kind, _title, _original == _title ? null : _original, _year, _plot, _rating, _genres, _ids);

        private void Keep(string register, string? id)
        {
            if (id is not null && Sound(register, id) is { } sound)
            {
                _ids.TryAdd(register, sound);
            }
        }

        private double? RatingOf(string? text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rating) && rating > 0 && rating / _outOf * 10 is <= 10 and var ofTen ? Math.Round(ofTen, 1) : null;

        private static int? YearOf(string? text) =>
            text is { Length: >= 4 } && int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1800 and <= 2200 ? year : null;

        /// <summary>The text of the element up to its end, where the one loop goes on.</summary>
        /// <exception cref="XmlException">The element is not closed.</exception>
        private static string? Text(XmlReader reader, int longest)
        {
            if (reader.IsEmptyElement)
            {
                return null;
            }

            var (depth, gathered) = (reader.Depth, new StringBuilder());
            while (reader.Read() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
            {
                if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace && gathered.Length <= longest)
                {
                    gathered.Append(reader.Value);
                }
            }

            var text = string.Concat(gathered.ToString().Where(c => !char.IsControl(c) || c is '\n' or '\t')).Trim();
            return text.Length == 0 ? null : text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
        }
    }
}
