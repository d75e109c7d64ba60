using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Catalogizer.Domain.Quality.Contents;

/// <summary>Takes what files say of themselves down to what can be shown.</summary>
internal static class TextCleaner
{
    private const int MaxLineLength = 300;
    private const int MaxTextLength = 5000;

    /// <summary>One line without control characters; null when nothing is left.</summary>
    public static string? CleanLine(string? text) => Clean(text, MaxLineLength, keepLines: false);

    /// <summary>A text of several lines, without the marks of HTML that books put into theirs.</summary>
    public static string? CleanText(string? text) => text is null ? null : Clean(StripHtml(text), MaxTextLength, keepLines: true);

    /// <summary>Reads XML that may be made to harm: a document type is passed over, nothing outside is asked for, and there is an end.</summary>
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
