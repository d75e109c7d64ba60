using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Web.Components;

namespace Catalogizer.Tests.Web;

public class CatalogUrlsTests
{
    public static TheoryData<LibraryView> Views =>
    [
        LibraryView.Default,
        new(new MediaQuery { Query = "a&b=c #1 \"ü\" 七%" }),
        new(new MediaQuery { Type = MediaType.TvShow, Year = 1999, Rating = 7.5, Source = 3, Presence = Presence.Unknown }, LibraryLayout.List),
        new(new MediaQuery { YearFrom = 1990, YearTo = 1999, Resolution = "1080p", Codec = "H.265", Sort = MediaSort.RatingDown }, LibraryLayout.Grid),
    ];

    [Theory]
    [MemberData(nameof(Views))]
    public void ParseLibrary_OfLibrary_IsTheSameView(LibraryView view) =>
        Assert.Equal(view, CatalogUrls.ParseLibrary("http://host" + CatalogUrls.Library(view)));

    [Theory]
    [InlineData("library?type=nonsense&year=x&sort=&view=7&presence=gone&rating=-1&source=-3")]
    [InlineData("library?")]
    [InlineData("/")]
    public void ParseLibrary_NotUnderstood_IsLeftOut(string address) =>
        Assert.Equal(LibraryView.Default, CatalogUrls.ParseLibrary(address));

    [Theory]
    [InlineData("library?type=bogus", "type=bogus")]
    [InlineData("library?year=bogus&yearFrom=1.5&yearTo=-1", "year=bogus", "yearFrom=1.5", "yearTo=-1")]
    [InlineData("library?rating=NaN", "rating=NaN")]
    [InlineData("library?source=bogus", "source=bogus")]
    [InlineData("library?presence=offline", "presence=offline")]
    [InlineData("library?sort=zzz", "sort=zzz")]
    [InlineData("library?view=7", "view=7")]
    [InlineData("library?tpye=movie&bogus", "tpye=movie", "bogus")]
    [InlineData("library?query=bogus&resolution=bogus&codec=bogus")]
    [InlineData("library?type=&sort=")]
    [InlineData("library")]
    public void NotUnderstood_OfALibraryAddress_AreItsUnknownParts(string address, params string[] parts) =>
        Assert.Equal(parts, PageParameters.FindInvalid("http://host/" + address, CatalogUrls.LibraryParameters));

    [Theory]
    [MemberData(nameof(Views))]
    public void NotUnderstood_OfLibrary_IsNothing(LibraryView view) =>
        Assert.Empty(PageParameters.FindInvalid("http://host/" + CatalogUrls.Library(view), CatalogUrls.LibraryParameters));

    [Fact]
    public void Library_Everything_IsAPlainAddress() => Assert.Equal("library", CatalogUrls.Library(LibraryView.Default));

    [Fact]
    public void SignIn_KeepsWhereTheReaderWantedToGo() =>
        Assert.Equal("sign-in?returnUrl=%2Fmedia%2Flibrary%3Ftype%3Dmovie", CatalogUrls.SignIn("https://example.org/media/library?type=movie"));
}
