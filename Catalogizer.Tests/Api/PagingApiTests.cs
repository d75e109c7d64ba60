using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Catalogizer.Tests.Api;

/// <summary>Paging through the library returns every item exactly once, in every sort order.</summary>
[Trait("Category", "Server")]
public sealed class PagingApiTests(PagingApiTests.Library library) : IClassFixture<PagingApiTests.Library>
{
    public static TheoryData<string> Sorts => ["-added", "added", "title", "-title", "-year", "year", "-rating", "rating", "-updated", "updated"];

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Walk_EverySort_MeetsEveryItemOnceInOrder(string sort)
    {
        var items = await ReadAllPagesAsync($"sort={sort}&source={library.Source}", 7);

        Assert.Equal(Library.Count, items.Count);
        Assert.Equal(Library.Count, items.Select(ReadId).Distinct().Count());
        AssertOrdered(items, sort);
    }

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Walk_Filtered_MeetsExactlyTheHits(string sort)
    {
        var filter = $"source={library.Source}&type=movie&yearFrom=2001&yearTo=2004";
        var all = (await library.Api.GetAsync($"media?{filter}&limit=200")).GetProperty("items").EnumerateArray().Select(ReadId).Order().ToList();

        var items = await ReadAllPagesAsync($"{filter}&sort={sort}", 5);

        Assert.True(all.Count > 10);
        Assert.Equal(all, items.Select(ReadId).Order());
        AssertOrdered(items, sort);
    }

    [Theory]
    [InlineData("")]
    [InlineData("&sort=title")]
    [InlineData("&sort=-year")]
    [InlineData("&sort=-rating")]
    public async Task Walk_WithWords_MeetsEveryHitOnce(string sort)
    {
        var items = await ReadAllPagesAsync($"query=walk&source={library.Source}{sort}", 7);

        Assert.Equal(Library.Count, items.Select(ReadId).Distinct().Count());
        Assert.Equal(Library.Count, items.Count);
    }

    [Theory]
    [MemberData(nameof(Sorts))]
    public async Task Walk_WhileItemsAreAdded_MeetsWhatWasThereOnce(string sort)
    {
        var name = "growing " + sort;
        var source = await library.Api.AddSourceAsync(name, [.. Enumerable.Range(0, 25).Select(i => $"{Letter(i)} Growing ({1990 + i}).mkv")]);
        await library.Api.ScanAsync(source);
        var before = (await library.Api.ListItemsAsync($"limit=200&source={source}")).Select(ReadId).ToHashSet();

        var added = 0;
        var items = await ReadAllPagesAsync($"sort={sort}&source={source}", 6, async () =>
        {
            library.Api.Server.Write($"{name}/{Letter(added * 5)} Newcomer {added} ({1991 + added++}).mkv");
            await library.Api.ScanAsync(source);
        });

        Assert.Equal(25, before.Count);
        Assert.True(added >= 4);
        Assert.Equal(before.Order(), items.Select(ReadId).Where(before.Contains).Order());
        Assert.Equal(items.Count, items.Select(ReadId).Distinct().Count());
    }

    private static string Letter(int index) => ((char)('A' + (index % 26))).ToString();

    private static long ReadId(JsonElement item) => item.GetProperty("id").GetInt64();

    private async Task<List<JsonElement>> ReadAllPagesAsync(string query, int limit, Func<Task>? between = null)
    {
        var items = new List<JsonElement>();
        string? cursor = null;
        for (var pages = 0; pages < 100; pages++)
        {
            var page = await library.Api.GetAsync($"media?{query}&limit={limit}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("nextCursor").GetString();
            if (cursor is null)
            {
                return items;
            }

            Assert.Equal(limit, page.GetProperty("items").GetArrayLength());
            if (between is not null)
            {
                await between();
            }
        }

        throw new InvalidOperationException("The walk did not end within 100 pages.");
    }

    private static void AssertOrdered(List<JsonElement> items, string sort)
    {
        var values = items.Select(i => ReadSortKey(i, sort.TrimStart('-'))).Where(v => v is not null).ToList();
        var ordered = sort.StartsWith('-') ? values.OrderDescending(StringComparer.Ordinal) : values.Order(StringComparer.Ordinal);
        Assert.Equal(ordered, values);

        // Items without a value come last in both directions.
        Assert.Equal(values, items.Take(values.Count).Select(i => ReadSortKey(i, sort.TrimStart('-'))));
    }

    private static string? ReadSortKey(JsonElement item, string sort) => sort switch
    {
        "title" => item.GetProperty("title").GetString()!.ToLowerInvariant(),
        "year" => item.GetProperty("year").ValueKind == JsonValueKind.Null ? null : item.GetProperty("year").GetRawText(),
        "rating" => item.GetProperty("rating").ValueKind == JsonValueKind.Null ? null : item.GetProperty("rating").GetDouble().ToString("00.000000000000000", CultureInfo.InvariantCulture),
        "updated" => item.GetProperty("updatedAt").GetString(),
        _ => item.GetProperty("firstSeenAt").GetString(),
    };

    /// <summary>Films with and without year and rating; many share the value they are sorted by.</summary>
    public sealed class Library : IAsyncLifetime
    {
        public const int Count = 60;

        // Some of them have no short decimal form.
        private static readonly double[] Ratings = [7.5, 7.1, 1.0 / 3, 20.0 / 3, 8.333333333333334, 0.1 + 0.2];

        public ApiServer Api { get; } = new();

        public long Source { get; private set; }

        public async Task InitializeAsync()
        {
            await Api.InitializeAsync();
            Source = await Api.AddSourceAsync("walk", [.. Enumerable.Range(0, Count).Select(i => i % 5 == 0 ? $"Walk {CreateWord(i)}.mkv" : $"Walk {CreateWord(i)} ({2000 + (i % 6)}) 1080p.mkv")]);
            await Api.ScanAsync(Source);
            var items = await Api.ListItemsAsync($"limit=200&source={Source}");
            for (var i = 0; i < items.Count; i += 2)
            {
                await ApiServer.AssertOkAsync(await Api.Admin.PutAsJsonAsync($"/api/v1/media/{items[i].GetProperty("id")}", new { rating = Ratings[i / 2 % Ratings.Length] }));
            }
        }

        public Task DisposeAsync() => Api.DisposeAsync();

        private static string CreateWord(int number) => $"{Letter(number / 26)}{Letter(number).ToLowerInvariant()}ri";
    }
}
