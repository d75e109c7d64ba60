using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Catalogizer.Domain.Quality.Contents;

/// <summary>Cleans and shortens texts from files for display.</summary>
internal static class TextCleaner
{
    private const int MaxLineLength = 300;
    private const int MaxTextLength = 5000;

    /// <summary>A single line without control characters; null when nothing remains.</summary>
    public static string? CleanLine(string? text) => Clean(text, MaxLineLength, keepLines: false);

    /// <summary>A text of several lines, without the HTML tags that books use in their descriptions; null when nothing remains.</summary>
    public static string? CleanText(string? text) => text is null ? null : Clean(StripHtml(text), MaxTextLength, keepLines: true);

    /// <summary>Parses XML that may be malicious: ignores a document type, loads nothing external and limits the length. Null when it is invalid.</summary>
    public static XElement? ParseXml(byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, MaxCharactersInDocument = 4 << 20, CheckCharacters = false });
            return XDocument.Load(reader).Root;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string? Clean(string? text, int maxLength, bool keepLines)
    {
        if (text is null)
        {
            return null;
        }

        var clean = string.Concat(text.Where(c => !char.IsControl(c) || (keepLines && c is '\n'))).Trim();
        return clean.Length == 0 ? null : clean.Length <= maxLength ? clean : clean[..(char.IsHighSurrogate(clean[maxLength - 1]) ? maxLength - 1 : maxLength)];
    }

    private static string StripHtml(string text)
    {
        var plain = new StringBuilder(text.Length);
        var isInTag = false;
        foreach (var character in text)
        {
            isInTag = character == '<' || (isInTag && character != '>');
            if (!isInTag && character != '>')
            {
                plain.Append(character);
            }
        }

        return System.Net.WebUtility.HtmlDecode(plain.ToString());
    }
}
