using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Library;

public sealed class PresenceSetTests
{
    [Theory]
    [InlineData("", 1, null, null, Presence.Present, "1:0")]
    [InlineData("1:0", 2, null, null, Presence.Missing, "1:0,2:2")]
    [InlineData("2:2", 1, null, null, Presence.Present, "1:0,2:2")]
    [InlineData("1:2:720p:", 1, "720p", null, Presence.Present, "1:0:720p:")]              // of equal versions, the present one counts
    [InlineData("1:0", 1, null, null, Presence.Missing, "1:0")]
    [InlineData("1:1", 1, null, null, Presence.Retired, "1:1")]
    [InlineData("9:0", 10, null, null, Presence.Present, "9:0,10:0")]                      // in numerical order, so that equal sets have equal text
    [InlineData("1:0:720p:H.264", 1, "2160p", "H.265", Presence.Missing, "1:2:2160p:H.265,1:0:720p:H.264")]
    [InlineData("1:0:720p:H.264", 1, null, "H.264", Presence.Present, "1:0::H.264,1:0:720p:H.264")]
    public void WithVersion_Table(string pattern, long source, string? resolution, string? codec, Presence presence, string with) =>
        Assert.Equal(with, PresenceSet.WithVersion(pattern, new VersionTraits(source, resolution, codec), presence));

    [Fact]
    public void Format_Parsed_IsTheSame() =>
        Assert.Equal("1:0,22:3::AV1,333:1:1080p:H.264", PresenceSet.Format(PresenceSet.Parse("333:1:1080p:H.264,1:0,22:3::AV1")));

    [Fact]
    public async Task RecountSql_OfPatternsThatKnewSourcesAlone_FindsWhatScansWrite()
    {
        await using var catalog = new TestCatalog();
        catalog.Write("Quiet Water (2001) 1080p x264.mkv");
        catalog.Write("Quiet Water (2001) 720p.mkv");
        catalog.Write("TV/Some Show/Season 01/Some Show S01E01 720p.mkv");
        catalog.Write("A Song.flac");
        await catalog.ScanAsync((await catalog.AddSourceAsync()).Id);
        const string patterns = "SELECT i.id, h.pattern FROM media_items i JOIN holdings h ON h.id = i.holding_id ORDER BY i.id";
        var right = catalog.QueryRows(patterns);

        catalog.Execute("DELETE FROM holdings; INSERT INTO holdings (id, pattern) VALUES (1, '1:0'); UPDATE media_items SET holding_id = 1");
        using (var connection = catalog.Services.GetRequiredService<SqliteFile>().OpenConnection())
        {
            SqlCipher.Execute(connection, PresenceSet.RecountSql);
        }

        Assert.Equal(right, catalog.QueryRows(patterns));
        CatalogInvariants.Check(catalog);
    }
}
