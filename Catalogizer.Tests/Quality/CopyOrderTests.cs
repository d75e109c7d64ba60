using System.Globalization;
using Catalogizer.Domain.Quality;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Quality;

/// <summary>Which copy is the best, wherever that is asked.</summary>
public sealed class CopyOrderTests : IAsyncLifetime
{
    private readonly TestCatalogue _catalogue = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _catalogue.DisposeAsync();

    [Fact]
    public void Sql_AnyCopies_SortsAsMemoryDoes()
    {
        var copies = (from resolution in (string?[])[null, "1080p", "1080i", "720p", "2160p", "odd"]
                      from codec in (string?[])[null, "AV1", "H.264", "XviD", "DivX", "ProRes"]
                      from score in (double[])[0, 28, 28.5]
                      select (Resolution: resolution, Codec: codec, Score: score)).ToList();
        var values = string.Join(", ", copies.Select(c => string.Create(CultureInfo.InvariantCulture, $"({Text(c.Resolution)}, {Text(c.Codec)}, {c.Score})")));

        var sorted = _catalogue.Rows($"SELECT r, c, s FROM (SELECT column1 AS r, column2 AS c, column3 AS s FROM (VALUES {values})) ORDER BY {CopyOrder.Sql("s", "r", "c")}");

        copies.Sort((a, b) => CopyOrder.IsBetter(a, b) ? -1 : CopyOrder.IsBetter(b, a) ? 1 : 0);
        Assert.Equal(copies.Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Resolution}|{c.Codec}|{c.Score}")), sorted);
    }

    /// <summary>480p from the web and 720p from nobody knows where are worth 28 each.</summary>
    [Theory]
    [InlineData("Quiet Water (2001) 480p WEB-DL.mkv", "Quiet Water (2001) 720p.mkv")]
    [InlineData("Quiet Water (2001) 720p.mkv", "Quiet Water (2001) 480p WEB-DL.mkv")]
    public async Task Best_OfEqualScores_IsTheHigherResolutionInWhateverOrderTheyCame(string first, string second)
    {
        var source = await _catalogue.AddSourceAsync();
        _catalogue.Write($"A/{first}");
        await _catalogue.ScanAsync(source.Id);
        _catalogue.Write($"B/{second}");
        await _catalogue.ScanAsync(source.Id);

        var item = await _catalogue.OneAsync("Quiet Water");
        var versions = (await _catalogue.Media.VersionsAsync(Catalogizer.Domain.Accounts.Actor.System, item.Id, default)).Value;

        Assert.Equal([28, 28], versions.Select(v => v.OverallScore));
        Assert.Equal(("720p", "720p"), (item.Best.Resolution, versions[0].Resolution));
    }

    private static string Text(string? value) => value is null ? "NULL" : $"'{value}'";
}
