using static Catalogizer.Domain.Detection.Terms.TermStrength;
using static Catalogizer.Domain.Detection.Terms.TermKind;

namespace Catalogizer.Domain.Detection.Terms;

/// <summary>Books, magazines, comics and audiobooks.</summary>
internal static class PrintTerms
{
    public static void AddTo(TermTable table) => table
        .Add(Book, "", Strong, "ebook|e book|epub|mobi|azw3|pdf|retail epub|ebooks|fb2|djvu|retail ebook|kindle edition")
        .Add(Book, "", Weak, "azw|lit|hardcover|paperback|presseheft")
        .Add(Magazine, "", Strong, "magazine ebook|magazin ebook").Add(Magazine, "", Medium, "magazine|magazin").Add(Magazine, "", Weak, "zeitschrift|weekly|monthly")
        .Add(Comic, "", Strong, "comic ebook|hybrid comic ebook|manga ebook|hybrid comic|comics ebook|cbz|cbr|c2c|webtoon").Add(Comic, "", Medium, "comic").Add(Comic, "", Weak, "manga|digital comic")
        .Add(AudioBook, "", Strong, "abook|audiobook|audio book|audiobooks|hoerbuch|hörbuch|mp3cd|m4b|unabridged|hoerspiel|hörspiel").Add(AudioBook, "", Medium, "abridged");
}
