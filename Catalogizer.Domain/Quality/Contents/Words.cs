using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Catalogizer.Domain.Quality.Contents;

/// <summary>Takes what files say of themselves down to what can be shown.</summary>
internal static class Words
{
    private const int LongestLine = 300;
    private const int LongestText = 5000;

    /// <summary>One line without control characters; null when nothing is left.</summary>
    public static string? Line(string? text) => Cut(text, LongestLine, keepLines: false);

    /// <summary>A text of several lines, without the marks of HTML that books put into theirs.</summary>
    public static string? Text(string? text) => text is null ? null : Cut(WithoutMarks(text), LongestText, keepLines: true);

    /// <summary>Reads XML that may be made to harm: a document type is passed over, nothing outside is asked for, and there is an end.</summary>
    public static XElement? Xml(byte[]? bytes)
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

    private static string? Cut(string? text, int longest, bool keepLines)
    {
        if (text is null)
        {
            return null;
        }

        var clean = string.Concat(text.Where(c => !char.IsControl(c) || (keepLines && c is '\n'))).Trim();
        return clean.Length == 0 ? null : clean.Length <= longest ? clean : clean[..(char.IsHighSurrogate(clean[longest - 1]) ? longest - 1 : longest)];
    }

    private static string WithoutMarks(string text)
    {
        var plain = new StringBuilder(text.Length);
        var inMark = false;
        foreach (var character in text)
        {
            inMark = character == '<' || (inMark && character != '>');
            if (!inMark && character != '>')
            {
                plain.Append(character);
            }
        }

        return System.Net.WebUtility.HtmlDecode(plain.ToString());
    }
}
