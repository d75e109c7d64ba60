using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Catalogizer.Domain.Quality;
using Catalogizer.Domain.Quality.Contents;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Quality.Contents;

/// <summary>Books, comics, archives and disc images: ordinary ones, and malicious ones.</summary>
public sealed class ContentReaderTests
{
    internal const string Container = """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>""";

    internal const string Package = """
        <package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" version="3.0">
          <metadata>
            <dc:title>Emma &amp; Others</dc:title><dc:creator>Jane Austen</dc:creator><dc:creator>Another</dc:creator><dc:language>en</dc:language>
            <dc:publisher>John Murray</dc:publisher><dc:date>1815-12-23</dc:date><dc:identifier>urn:isbn:978-0-14-143958-7</dc:identifier>
            <dc:description>&lt;p&gt;Handsome, &lt;b&gt;clever&lt;/b&gt; and rich.&lt;/p&gt;</dc:description>
            <meta name="calibre:series" content="Novels"/><meta name="calibre:series_index" content="4"/>
          </metadata>
          <manifest><item id="c" href="pictures/front%20page.jpg" media-type="image/jpeg" properties="cover-image"/></manifest>
        </package>
        """;

    [Fact]
    public async Task Read_Book_TellsWhatItSaysOfItself()
    {
        var (book, bytes) = await ReadAsync("Emma.epub", CreateZip(("mimetype", "application/epub+zip"), ("META-INF/container.xml", Container), ("OEBPS/book.opf", Package), ("OEBPS/pictures/front page.jpg", "picture")));

        Assert.Equal((ContentKind.Book, "Emma & Others", "en", "John Murray", "1815-12-23"), (book.Kind, book.Title, book.Language, book.Publisher, book.Published));
        Assert.Equal(["Jane Austen", "Another"], book.People);
        Assert.Equal(("Novels", "4", "9780141439587", "Handsome, clever and rich."), (book.Series, book.Number, book.Isbn, book.Description));
        Assert.Equal(("OEBPS/pictures/front page.jpg", 4), (book.Cover, book.Entries));
        Assert.InRange(bytes, 1, 64 * 1024);
    }

    [Theory]
    [InlineData("""<!DOCTYPE package [<!ENTITY x SYSTEM "file:///etc/passwd">]><package><metadata><title>Plain</title></metadata></package>""", "Plain")]
    [InlineData("""<!DOCTYPE package [<!ENTITY x SYSTEM "file:///etc/passwd">]><package><metadata><title>&x;</title></metadata></package>""", null)]
    public async Task Read_BookWithADocumentType_NeverFollowsIt(string package, string? title)
    {
        var file = CreateZip(("META-INF/container.xml", Container), ("OEBPS/book.opf", package));

        if (title is null)
        {
            Assert.False((await Assert.ThrowsAsync<MediaProbeException>(() => ReadAsync("a.epub", file))).IsTransient);
        }
        else
        {
            Assert.Equal(title, (await ReadAsync("a.epub", file)).Contents.Title);
        }
    }

    [Fact]
    public async Task Read_CoverOutsideTheBook_IsNone()
    {
        var package = Package.Replace("pictures/front%20page.jpg", "../../../etc/passwd", StringComparison.Ordinal);

        var (book, _) = await ReadAsync("a.epub", CreateZip(("META-INF/container.xml", Container), ("OEBPS/book.opf", package)));

        Assert.Null(book.Cover);
    }

    [Fact]
    public async Task Read_Comic_CountsPagesInTheirOrder()
    {
        const string info = "<ComicInfo><Title>Noon</Title><Series>Captain Meridian</Series><Number>3</Number><Writer>A. Bee, C. Dee</Writer><Year>1949</Year><Summary>At last.</Summary></ComicInfo>";

        var (comic, _) = await ReadAsync("a.cbz", CreateZip(("10.jpg", "x"), ("2.jpg", "x"), ("__MACOSX/._2.jpg", "x"), (".hidden.jpg", "x"), ("notes.txt", "x"), ("ComicInfo.xml", info)));

        Assert.Equal((2, "2.jpg", "Noon", "Captain Meridian", "3", "1949", "At last."), (comic.Pages, comic.Cover, comic.Title, comic.Series, comic.Number, comic.Published, comic.Description));
        Assert.Equal(["A. Bee", "C. Dee"], comic.People);
    }

    [Fact]
    public async Task Read_Archive_ListsItsFilesAndNotItsFolders()
    {
        var (archive, _) = await ReadAsync("setup.ZIP", CreateZip([("folder/", ""), .. Enumerable.Range(0, 250).Select(i => ($"folder/{i:000}.bin", "12345"))]));

        Assert.Equal((250, 1250, FileContents.MaxListed, false), (archive.Entries, archive.UnpackedBytes, archive.First.Count, archive.IsCut));
        Assert.Equal(new ContentEntry("folder/000.bin", 5), archive.First[0]);
    }

    [Fact]
    public async Task Read_LargeArchive_ReadsItsEndAlone()
    {
        var noise = new byte[3 << 20];
        new Random(7).NextBytes(noise);

        var (_, bytes) = await ReadAsync("a.zip", CreateZip(("noise.bin", Encoding.Latin1.GetString(noise))));

        Assert.InRange(bytes, 1, 256 * 1024);
    }

    [Theory]
    [InlineData("a.epub")]
    [InlineData("a.cbz")]
    [InlineData("a.zip")]
    [InlineData("a.iso")]
    public async Task Read_NoneOfThem_SaysSoForGood(string name)
    {
        foreach (var content in (byte[][])[[], "only words"u8.ToArray(), [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31))]])
        {
            Assert.False((await Assert.ThrowsAsync<MediaProbeException>(() => ReadAsync(name, content))).IsTransient);
        }
    }

    [Fact]
    public async Task Read_CutOrChangedAnywhere_EndsWithAnAnswerOrARefusal()
    {
        var whole = CreateZip(("META-INF/container.xml", Container), ("OEBPS/book.opf", Package), ("OEBPS/pictures/front page.jpg", "picture"));
        var random = new Random(TestRun.Seed);
        for (var round = 0; round < 300; round++)
        {
            var broken = whole[..random.Next(whole.Length)];
            if (round % 2 == 0)
            {
                broken = [.. whole];
                for (var i = 0; i < 4; i++)
                {
                    broken[random.Next(broken.Length)] = (byte)random.Next(256);
                }
            }

            try
            {
                await ReadAsync("a.epub", broken);
            }
            catch (MediaProbeException)
            {
                // Refused with a message.
            }
        }
    }

    [Fact]
    public async Task Read_DescriptionThatUnpacksToFarMore_IsRefused()
    {
        var bomb = Package.Replace("Handsome", new string('x', 30 << 20), StringComparison.Ordinal);

        await Assert.ThrowsAsync<MediaProbeException>(() => ReadAsync("a.epub", CreateZip(("META-INF/container.xml", Container), ("OEBPS/book.opf", bomb))));
    }

    [Fact]
    public async Task ReadCover_LargerThanACover_IsNone()
    {
        var file = CreateZip(("cover.jpg", new string('x', ContentReader.MaxCoverBytes + 1)), ("small.jpg", "picture"));

        Assert.Null(await ContentReader.ReadCoverAsync("cover.jpg", new MemoryStream(file), default));
        Assert.Null(await ContentReader.ReadCoverAsync("gone.jpg", new MemoryStream(file), default));
        Assert.Equal("picture"u8.ToArray(), await ContentReader.ReadCoverAsync("small.jpg", new MemoryStream(file), default));
    }

    [Theory]
    [InlineData(true, "Größe/über uns.txt")]
    [InlineData(false, "SETUP.EXE")]
    public async Task Read_DiscImage_ListsItsFilesByTheirLongNames(bool joliet, string named)
    {
        using var folder = new TemporaryFolder();
        folder.Write("disc/Größe/über uns.txt", "12345");
        folder.Write("disc/SETUP.EXE", "x");
        folder.Write("disc/deep/a/b/c.txt", "x");
        var image = folder.PathOf("disc.iso");
        using (var make = Process.Start(new ProcessStartInfo("genisoimage", [.. joliet ? (string[])["-J"] : [], "-quiet", "-input-charset", "utf-8", "-V", "MY_DISC", "-o", image, folder.PathOf("disc")]) { RedirectStandardError = true })!)
        {
            await make.StandardError.ReadToEndAsync();
            await make.WaitForExitAsync();
        }

        var (disc, _) = await ReadAsync("disc.iso", await File.ReadAllBytesAsync(image));

        Assert.Equal((ContentKind.DiscImage, "MY_DISC", 3, 7, false), (disc.Kind, disc.Title, disc.Entries, disc.UnpackedBytes, disc.IsCut));
        Assert.Contains(disc.First, e => e.Name == named);
    }

    [Fact]
    public async Task Read_DiscWhoseFoldersHoldThemselves_Ends()
    {
        var image = new byte[32 * 2048];
        WriteDescriptor(image, 16, 1);
        WriteDescriptor(image, 17, 255);
        WriteRecord(image.AsSpan(16 * 2048 + 156), 20, 2048, "\0", isFolder: true);
        WriteRecord(image.AsSpan(20 * 2048), 20, 2048, "AGAIN", isFolder: true);
        WriteRecord(image.AsSpan(20 * 2048 + 39), 30, uint.MaxValue, "HUGE", isFolder: true);

        var (disc, _) = await ReadAsync("a.iso", image);

        Assert.Equal((0, true), (disc.Entries, disc.IsCut));
    }

    private static void WriteDescriptor(byte[] image, int sector, byte kind)
    {
        image[sector * 2048] = kind;
        "CD001"u8.CopyTo(image.AsSpan(sector * 2048 + 1));
    }

    private static void WriteRecord(Span<byte> at, uint start, uint length, string name, bool isFolder)
    {
        at[0] = (byte)(34 + name.Length);
        BitConverter.TryWriteBytes(at[2..], start);
        BitConverter.TryWriteBytes(at[10..], length);
        at[25] = (byte)(isFolder ? 2 : 0);
        at[32] = (byte)name.Length;
        Encoding.Latin1.GetBytes(name, at[33..]);
    }

    private static Task<(FileContents Contents, long Bytes)> ReadAsync(string name, byte[] content) => ContentReader.ReadAsync(name, new MemoryStream(content), default);

    internal static byte[] CreateZip(params (string Name, string Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return file.ToArray();
    }
}
