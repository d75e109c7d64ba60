using System.Globalization;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Domain.Library.Storage;
using Catalogizer.Domain.Scanning.Storage;
using Catalogizer.Domain.Sources;
using Catalogizer.Domain.Storage.Sqlite;
using Catalogizer.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Library;

/// <summary>The results of lists, counts and searches, compared with a check of every row.</summary>
public sealed class CatalogReaderTests(CatalogReaderTests.Library library) : IClassFixture<CatalogReaderTests.Library>
{
    public static TheoryData<MediaSort> Sorts => [.. Enum.GetValues<MediaSort>()];

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Page_EveryFilter_WalksExactlyTheHitsInOrder(MediaSort sort)
    {
        foreach (var query in CreateQueries(sort))
        {
            Assert.Equal(library.FindExpected(query), await ReadAllPagesAsync(library.Reader, query with { Limit = 97 }));
        }
    }

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Page_WhileIndexesAreAway_WalksExactlyTheHitsInOrder(MediaSort sort)
    {
        foreach (var query in CreateQueries(sort).Take(6))
        {
            Assert.Equal(library.FindExpected(query), await ReadAllPagesAsync(library.LoadingReader, query with { Limit = 200 }));
        }
    }

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Window_AnyDepth_IsThatStretchOfTheOrder(MediaSort sort)
    {
        foreach (var query in CreateQueries(sort))
        {
            var expected = library.FindExpected(query);
            foreach (var start in (int[])[0, 3, 300, 499, 700, Math.Max(0, expected.Count - 5), expected.Count + 10])
            {
                var window = await library.Reader.WindowAsync(query, start, 40, default);
                Assert.Equal(expected.Skip(start).Take(40), window.Select(i => i.Id));
            }
        }
    }

    [Fact]
    public async Task Page_EveryFilter_CountsEachFacetWithoutItsOwnFilter()
    {
        foreach (var query in CreateQueries(null))
        {
            var page = await library.Reader.PageAsync(query with { Limit = 1 }, default);

            Assert.False(page.TotalIsAtLeast);
            Assert.Equal(library.FindExpected(query).Count, page.Total);
            AssertFacets(page.Facets, query, wider => library.ListedItems.Where(w => library.IsMatch(w, wider)));
        }
    }

    [Theory]
    [InlineData("the")]
    [InlineData("t")]
    [InlineData("of a")]
    [InlineData("img")]
    [InlineData("zzz")]
    public async Task Search_Words_FindsExactlyTheHits(string typed)
    {
        foreach (var query in CreateQueries(MediaSort.Title).Select(q => q with { Query = typed }))
        {
            var found = await ReadAllPagesAsync(library.Reader, query with { Limit = 50 });
            var page = await library.Reader.PageAsync(query with { Limit = 1 }, default);

            Assert.Equal(library.Items.Where(i => MatchesText(i, typed) && library.IsMatch(i, query)).Order(library.CompareBy(MediaSort.Title)).Select(i => i.Id), found);
            Assert.Equal((found.Count, false), ((int)page.Total, page.TotalIsAtLeast));
            AssertFacets(page.Facets, query, wider => library.Items.Where(i => MatchesText(i, typed) && library.IsMatch(i, wider)));
        }
    }

    [Fact]
    public async Task Search_ByRelevance_ShowsWorksBeforeTheirParts()
    {
        var found = await ReadAllPagesAsync(library.Reader, new MediaQuery { Query = "the", Limit = 50 });

        var listed = found.Select(id => library.Items.Single(i => i.Id == id).IsListed).ToList();
        Assert.Contains(false, listed);
        Assert.Equal(listed.OrderDescending(), listed);
    }

    [Theory]
    [InlineData("t")]
    [InlineData("th")]
    [InlineData("the o")]
    [InlineData("img_000")]
    [InlineData("zzz")]
    [InlineData("\"*")]
    public async Task Suggest_Typed_AnswersHitsWorksFirst(string typed)
    {
        var suggested = await library.Reader.SuggestAsync(typed, 8, default);

        var results = library.Items.Where(i => MatchesText(i, typed)).ToDictionary(i => i.Id);
        Assert.Equal(Math.Min(8, results.Count), suggested.Count);
        Assert.All(suggested, s => Assert.Contains(s.Id, results.Keys));
        Assert.Equal(suggested.OrderByDescending(s => results[s.Id].IsListed).Select(s => s.Id), suggested.Select(s => s.Id));
    }

    [Fact]
    public void Cell_TakenApart_IsWhatWasPutTogether()
    {
        Assert.Equal(new FacetCell(MediaType.Movie, 1999, "1080p", "H.264", 3), FacetCell.Parse("0|1999|1080p|H.264|3"));
        Assert.Equal(new FacetCell(MediaType.Other, null, null, null, 12), FacetCell.Parse("9||||12"));
    }

    private static async Task<List<long>> ReadAllPagesAsync(ICatalogReader reader, MediaQuery query)
    {
        var ids = new List<long>();
        while (true)
        {
            var page = await reader.PageAsync(query, default);
            ids.AddRange(page.Items.Select(i => i.Id));
            if (page.NextCursor is null)
            {
                return ids;
            }

            Assert.Equal(query.Limit, page.Items.Count);
            query = query with { Cursor = page.NextCursor };
        }
    }

    /// <summary>Each filter alone and some combined, with many and with few results; and some random ones.</summary>
    private static List<MediaQuery> CreateQueries(MediaSort? sort)
    {
        var queries = new List<MediaQuery>
        {
            new(), new() { Type = MediaType.Movie }, new() { Resolution = "1080p" }, new() { Source = 3 }, new() { Presence = Presence.Missing }, new() { Rating = 5 },
            new() { Type = MediaType.Photo }, new() { Type = MediaType.Game }, new() { Year = 2020 }, new() { YearFrom = 2001, YearTo = 2015 }, new() { YearFrom = 2024 }, new() { YearTo = 1940 },
            new() { Codec = "AV1" }, new() { Codec = "none such" }, new() { Source = 1 }, new() { Source = 99 }, new() { Presence = Presence.Unknown }, new() { Presence = Presence.Retired },
            new() { Rating = 9.9 }, new() { Rating = 0 }, new() { Type = MediaType.TvShow, Resolution = "720p", Codec = "H.265" },
            new() { Resolution = "2160p", Source = 3 }, new() { Resolution = "2160p", Source = 1, Presence = Presence.Missing }, new() { Codec = "H.265", Presence = Presence.Unknown },
            new() { YearFrom = 1990, YearTo = 2024, Rating = 3, Source = 1 }, new() { Type = MediaType.Movie, Presence = Presence.Present, YearFrom = 2010 },
        };
        var random = new Random(TestRun.Seed);
        T? PickOrDefault<T>(T value)
            where T : struct => random.Next(3) == 0 ? value : null;
        queries.AddRange(Enumerable.Range(0, 12).Select(_ => new MediaQuery
        {
            Type = PickOrDefault((MediaType)random.Next(4)),
            YearFrom = PickOrDefault(1950 + random.Next(70)),
            YearTo = PickOrDefault(1960 + random.Next(65)),
            Rating = PickOrDefault(random.NextDouble() * 10),
            Resolution = random.Next(3) == 0 ? "1080p" : null,
            Codec = random.Next(4) == 0 ? "H.264" : null,
            Source = PickOrDefault(1L + random.Next(3)),
            Presence = PickOrDefault((Presence)random.Next(3)),
        }));
        return [.. queries.Select(q => q with { Sort = sort })];
    }

    private void AssertFacets(MediaFacets facets, MediaQuery query, Func<MediaQuery, IEnumerable<Row>> results)
    {
        AssertCounts(facets.Type, results(query with { Type = null }).Select(w => w.Type.ToApiName()));
        AssertCounts(facets.Year, results(query with { Year = null, YearFrom = null, YearTo = null }).Select(w => w.Year?.ToString(CultureInfo.InvariantCulture)));
        AssertCopies(facets.Resolution, query with { Resolution = null }, c => c.Resolution);
        AssertCopies(facets.Codec, query with { Codec = null }, c => c.Codec);
        AssertCopies(facets.Source, query with { Source = null }, c => c.Source.ToString(CultureInfo.InvariantCulture));
        AssertCopies(facets.Presence, query with { Presence = null }, c => c.Presence.ToApiName());

        // An item counts once for each value of its versions that pass all other filters.
        void AssertCopies(IReadOnlyDictionary<string, long> counted, MediaQuery wider, Func<VersionRow, string?> value) =>
            AssertCounts(counted, results(wider).SelectMany(w => w.Versions.Where(c => Library.IsMatch(c, wider)).Select(value).Distinct()));

        void AssertCounts(IReadOnlyDictionary<string, long> counted, IEnumerable<string?> values) =>
            Assert.Equal(values.Where(v => v is not null).GroupBy(v => v!).ToDictionary(v => v.Key, v => v.LongCount()), counted);
    }

    /// <summary>Every typed word is a word of the title; the last one may be only its beginning.</summary>
    private static bool MatchesText(Row item, string typed)
    {
        string[] SplitWords(string text) => text.ToLowerInvariant().Split([' ', '_', '.', '"', '*'], StringSplitOptions.RemoveEmptyEntries);
        var (words, title) = (SplitWords(typed), SplitWords(item.Title ?? ""));
        return words.Length > 0 && words.SkipLast(1).All(title.Contains) && title.Any(t => t.StartsWith(words[^1], StringComparison.Ordinal));
    }

    public sealed record Row(
        long Id, bool IsListed, MediaType Type, string? Title, string? SortTitle, int? Year, double? Rating, IReadOnlyList<VersionRow> Versions, long FirstSeenAt, long UpdatedAt);

    public sealed record VersionRow(long Source, Presence Presence, string? Resolution, string? Codec);

    /// <summary>One catalogue as scans leave it, and one in the middle of a bulk load.</summary>
    public sealed class Library : IAsyncLifetime
    {
        private readonly TestCatalog _catalog = new();
        private readonly TestCatalog _loadingCatalog = new();

        internal ICatalogReader Reader => _catalog.Services.GetRequiredService<ICatalogReader>();

        internal ICatalogReader LoadingReader => _loadingCatalog.Services.GetRequiredService<ICatalogReader>();

        public IReadOnlyList<Row> Items { get; private set; } = [];

        public IEnumerable<Row> ListedItems => Items.Where(i => i.IsListed);

        public Task InitializeAsync()
        {
            foreach (var catalog in (TestCatalog[])[_catalog, _loadingCatalog])
            {
                using var connection = catalog.Services.GetRequiredService<SqliteFile>().OpenConnection();
                SyntheticCatalog.Fill(connection, 3_000);

                // Titles that SQLite and UTF-16 order differently, and an item without a title.
                SqlCipher.Execute(connection, "UPDATE media_items SET sort_title = char(0x1F600) WHERE id = 5; UPDATE media_items SET sort_title = char(0xFF21) WHERE id = 6; UPDATE media_items SET sort_title = NULL WHERE id = 7");
                if (catalog == _loadingCatalog)
                {
                    DeferredIndexes.Suspend(connection);
                }
                else
                {
                    ReadItems(connection);
                }
            }

            return Task.CompletedTask;
        }

        public async Task DisposeAsync()
        {
            await _catalog.DisposeAsync();
            await _loadingCatalog.DisposeAsync();
        }

        internal List<long> FindExpected(MediaQuery query) => [.. ListedItems.Where(w => IsMatch(w, query)).Order(CompareBy(query.Sort ?? MediaSort.AddedDown)).Select(w => w.Id)];

        internal bool IsMatch(Row work, MediaQuery query) =>
            (query.Type is null || work.Type == query.Type)
            && (query.Year is null || work.Year == query.Year) && (query.YearFrom is null || work.Year >= query.YearFrom) && (query.YearTo is null || work.Year <= query.YearTo)
            && (query.Rating is null || work.Rating >= query.Rating)
            && work.Versions.Any(copy => IsMatch(copy, query));

        internal static bool IsMatch(VersionRow copy, MediaQuery query) =>
            (query.Resolution is null || copy.Resolution == query.Resolution) && (query.Codec is null || copy.Codec == query.Codec)
            && (query.Source is null || copy.Source == query.Source) && (query.Presence is null || copy.Presence == query.Presence);

        /// <summary>By value, items without one last, then by id in the same direction.</summary>
        internal Comparer<Row> CompareBy(MediaSort sort) => Comparer<Row>.Create((x, y) =>
        {
            var (a, b) = (Value(x), Value(y));
            var order = a is null || b is null ? (a is null).CompareTo(b is null) : Compare(a, b) * (sort.ToApiName()[0] == '-' ? -1 : 1);
            return order != 0 ? order : x.Id.CompareTo(y.Id) * (sort.ToApiName()[0] == '-' ? -1 : 1);

            object? Value(Row row) => sort.ToApiName().TrimStart('-') switch
            {
                "title" => row.SortTitle,
                "year" => row.Year,
                "rating" => row.Rating,
                "updated" => row.UpdatedAt,
                _ => row.FirstSeenAt,
            };

            static int Compare(object a, object b) =>
                a is string text ? System.Text.Encoding.UTF8.GetBytes(text).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes((string)b)) : Comparer<object>.Default.Compare(a, b);
        });

        private void ReadItems(SqliteConnection connection)
        {
            var availability = new Dictionary<long, SourceAvailability>();
            using (var sources = new Statement(connection, "SELECT id, availability FROM sources"))
            {
                while (sources.Read())
                {
                    availability[sources.Int64(0)] = (SourceAvailability)sources.Int32(1);
                }
            }

            var copies = new List<(long Item, VersionRow Copy)>();
            using (var versions = new Statement(connection, """
                SELECT v.item_id, v.source_id, v.presence, v.resolution, v.video_codec FROM media_versions v
                UNION ALL SELECT i.parent_id, v.source_id, v.presence, v.resolution, v.video_codec FROM media_versions v JOIN media_items i ON i.id = v.item_id WHERE i.parent_id IS NOT NULL
                """))
            {
                while (versions.Read())
                {
                    var source = versions.Int64(1);
                    copies.Add((versions.Int64(0), new VersionRow(source, availability[source].ToPresence((Presence)versions.Int32(2)), versions.TextOrNull(3), versions.TextOrNull(4))));
                }
            }

            var copiesOf = copies.ToLookup(c => c.Item, c => c.Copy);
            var items = new List<Row>();
            using var rows = new Statement(connection, "SELECT id, is_work, media_type, title, sort_title, year, rating, first_seen_at, updated_at FROM media_items");
            while (rows.Read())
            {
                items.Add(new Row(
                    rows.Int64(0), rows.Int32(1) == 1, (MediaType)rows.Int32(2), rows.TextOrNull(3), rows.TextOrNull(4), rows.Int32OrNull(5), rows.DoubleOrNull(6),
                    [.. copiesOf[rows.Int64(0)]], rows.Int64(7), rows.Int64(8)));
            }

            Items = items;
        }
    }
}
