using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace Catalogizer.Domain.Metadata.Nfo;

/// <summary>Kind of item that an NFO file describes, by its root element.</summary>
internal enum NfoKind
{
    /// <summary>Not XML: text that may contain the URL of an entry.</summary>
    Text,
    Film,
    Series,
    Episode,
}

/// <summary>Content of an NFO file in Kodi's format. Anything may be missing, and nothing is assumed to be well formed.</summary>
internal sealed partial record NfoContent(
    NfoKind Kind, string? Title, string? OriginalTitle, int? Year, string? Plot, double? Rating, IReadOnlyList<string> Genres, IReadOnlyDictionary<string, string> Ids)
{
    public const int MaxBytes = 1024 * 1024;
    private const int MaxDepth = 3;
    private const int MaxGenres = 30;

    private static readonly string[] XmlPrefixes = ["<?xml", "<movie", "<tvshow", "<episodedetails"];

    /// <summary>Whether the file breaks off before its root element is closed; it has the values that were complete before.</summary>
    public bool IsBroken { get; init; }

    private static NfoContent Empty { get; } = new(NfoKind.Text, null, null, null, null, null, [], new Dictionary<string, string>());

    /// <summary>Null when the file contains nothing of use.</summary>
    public static NfoContent? Parse(byte[] bytes)
    {
        var content = bytes.AsSpan().IndexOf((byte)'<') >= 0 ? ReadXml(bytes) : null;
        content ??= Empty;

        // Kodi writes no document type, so nothing is read from a file that has one.
        var text = Encoding.Latin1.GetString(bytes);
        if (text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        // A URL in a broken file may be cut off, and half an id is the id of another entry.
        if (content.IsBroken)
        {
            return content;
        }

        var ids = content.Ids.ToDictionary();
        foreach (Match address in ProviderUrl().Matches(text).Take(20))
        {
            foreach (var idType in (ReadOnlySpan<string>)["imdb", "tmdb", "tvdb"])
            {
                if (address.Groups[idType].Value is { Length: > 0 } id)
                {
                    ids.TryAdd(idType, id);
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
                ConformanceLevel = ConformanceLevel.Fragment,    // a file with several episodes has several roots
                MaxCharactersInDocument = 4 * MaxBytes,
                CheckCharacters = false,
                IgnoreComments = true,
            });
            return ReadRoot(reader) ?? (reader.EOF && HasXmlPrefix(bytes) ? Empty with { IsBroken = true } : null);
        }
        catch (XmlException)
        {
            return HasXmlPrefix(bytes) ? Empty with { IsBroken = true } : null;
        }
    }

    /// <summary>Whether it begins like Kodi's files, as far as it goes.</summary>
    private static bool HasXmlPrefix(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, 100))).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return text.Length > 0 && Array.Exists(XmlPrefixes, prefix => text.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(text, StringComparison.Ordinal));
    }

    private static NfoContent? ReadRoot(XmlReader reader)
    {
        if (reader.MoveToContent() != XmlNodeType.Element || ParseKind(reader.LocalName) is not { } kind)
        {
            return null;
        }

        var builder = new Builder(kind);
        try
        {
            while (reader.Read() && reader.Depth > 0)
            {
                if (reader.NodeType == XmlNodeType.Element && reader.Depth <= MaxDepth)
                {
                    builder.ReadElement(reader);
                }
            }
        }
        catch (XmlException)
        {
            return builder.Build() with { IsBroken = true };
        }

        return builder.Build();
    }

    private static NfoKind? ParseKind(string element) => element switch
    {
        "movie" => NfoKind.Film,
        "tvshow" => NfoKind.Series,
        "episodedetails" => NfoKind.Episode,
        _ => null,
    };

    /// <summary>Returns an id if it has the format of its database; otherwise null.</summary>
    private static string? ValidIdOrNull(string idType, string id) => idType switch
    {
        "imdb" => ImdbId().IsMatch(id) ? id : null,
        "tmdb" or "tvdb" => WholeNumber().IsMatch(id) ? id : null,
        _ => null,
    };

    [GeneratedRegex(@"imdb\.com/title/(?<imdb>tt\d{5,12})|themoviedb\.org/(movie|tv)/(?<tmdb>\d{1,12})|thetvdb\.com/[^\s""'<>]{0,100}?id=(?<tvdb>\d{1,12})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 500)]
    private static partial Regex ProviderUrl();

    [GeneratedRegex(@"^tt\d{5,12}$")]
    private static partial Regex ImdbId();

    [GeneratedRegex(@"^\d{1,12}$")]
    private static partial Regex WholeNumber();

    /// <summary>Collects the elements as they are read; the first one of each kind is used.</summary>
    private sealed class Builder(NfoKind kind)
    {
        private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);
        private readonly List<string> _genres = [];
        private string? _title;
        private string? _originalTitle;
        private string? _plot;
        private int? _year;
        private double? _rating;
        private double _maxRating = 10;

        public void ReadElement(XmlReader reader)
        {
            var (name, depth) = (reader.LocalName.ToLowerInvariant(), reader.Depth);
            switch (name, depth)
            {
                case ("title", 1):
                    _title ??= ReadText(reader, JsonElementExtensions.MaxTitleLength);
                    break;
                case ("originaltitle", 1):
                    _originalTitle ??= ReadText(reader, JsonElementExtensions.MaxTitleLength);
                    break;
                case ("plot", 1):
                    _plot ??= ReadText(reader, JsonElementExtensions.MaxTextLength);
                    break;
                case ("year" or "premiered" or "aired", 1):
                    _year ??= ParseYear(ReadText(reader, 30));
                    break;
                case ("genre", 1) when _genres.Count < MaxGenres && ReadText(reader, 100) is { } genre:
                    _genres.Add(genre);
                    break;
                case ("rating", 2):
                    _maxRating = double.TryParse(reader.GetAttribute("max"), NumberStyles.Float, CultureInfo.InvariantCulture, out var max) && max is >= 1 and <= 1000 ? max : 10;
                    break;
                case ("value", 3) or ("rating", 1):
                    _rating ??= ParseRating(ReadText(reader, 30));
                    break;
                case ("uniqueid", 1):
                    var idType = reader.GetAttribute("type")?.ToLowerInvariant() ?? "";
                    AddId(idType, ReadText(reader, 50));
                    break;
                case ("imdbid" or "imdb_id" or "tmdbid" or "tvdbid", 1):
                    AddId(name[..4], ReadText(reader, 50));
                    break;
                case ("id", 1) when ReadText(reader, 50) is { } id:
                    AddId(id.StartsWith("tt", StringComparison.Ordinal) ? "imdb" : kind == NfoKind.Series ? "tvdb" : "", id);
                    break;
                default:
                    break;
            }
        }

        public NfoContent Build() => new(kind, _title, _originalTitle == _title ? null : _originalTitle, _year, _plot, _rating, _genres, _ids);

        private void AddId(string idType, string? id)
        {
            if (id is not null && ValidIdOrNull(idType, id) is { } validId)
            {
                _ids.TryAdd(idType, validId);
            }
        }

        private double? ParseRating(string? text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rating) && rating > 0 && rating / _maxRating * 10 is <= 10 and var ofTen ? Math.Round(ofTen, 1) : null;

        private static int? ParseYear(string? text) =>
            text is { Length: >= 4 } && int.TryParse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is >= 1800 and <= 2200 ? year : null;

        /// <summary>Reads the element's text and stops at its end, where the loop in <see cref="ReadRoot"/> continues.</summary>
        /// <exception cref="XmlException">The element is not closed.</exception>
        private static string? ReadText(XmlReader reader, int maxLength)
        {
            if (reader.IsEmptyElement)
            {
                return null;
            }

            var (depth, gathered) = (reader.Depth, new StringBuilder());
            while (reader.Read() && !(reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
            {
                if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace && gathered.Length <= maxLength)
                {
                    gathered.Append(reader.Value);
                }
            }

            var text = string.Concat(gathered.ToString().Where(c => !char.IsControl(c) || c is '\n' or '\t')).Trim();
            return text.Length == 0 ? null : text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
        }
    }
}
