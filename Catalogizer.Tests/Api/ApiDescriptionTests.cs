using System.Globalization;
using System.Text.Json;
using Catalogizer.Web.Api;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Catalogizer.Tests.Api;

/// <summary>The API description matches what the endpoints read: a client generated from it can do everything they can.</summary>
[Trait("Category", "Server")]
public sealed class ApiDescriptionTests(ApiDescriptionTests.Library library) : IClassFixture<ApiDescriptionTests.Library>
{
    [Fact]
    public async Task Parameters_OfEveryRoute_AreDescribedExactlyIfTheyAreRead()
    {
        var described = await ReadParametersAsync();
        var readers = 0;
        foreach (var route in Routes.All(library.Api.Server).Where(e => e.RoutePattern.RawText!.Trim('/').StartsWith("api/", StringComparison.Ordinal)))
        {
            var read = route.Metadata.GetMetadata<QueryBinder>()?.Parameters.Select(p => p.Name).ToList() ?? [];
            readers += read.Count > 0 ? 1 : 0;
            var pattern = "/" + route.RoutePattern.RawText!.Trim('/').Replace(":long", "", StringComparison.Ordinal);
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods)
            {
                Assert.Equal(read, described[(method, pattern)].Select(p => p.Name));
            }
        }

        Assert.True(readers >= 8, $"{readers} endpoints read parameters");
    }

    /// <summary>An endpoint that rejects a parameter lists all that it knows; these must be the described ones.</summary>
    [Fact]
    public async Task Parameters_OfEveryReader_AreThoseThatItNamesWhenItRefuses()
    {
        foreach (var (path, parameters) in await FindReadEndpointsAsync())
        {
            var sentence = await ApiServer.AssertInvalidAsync(await library.Api.Admin.GetAsync($"{path}?bogus=1"), "bogus");

            Assert.Equal(parameters.Select(p => p.Name), sentence.TrimEnd('.').Split("There are: ")[1].Split(", "));
        }
    }

    [Fact]
    public async Task Values_WithinWhatIsDescribed_AreReadAndOthersRefused()
    {
        foreach (var (path, parameters) in await FindReadEndpointsAsync())
        {
            foreach (var parameter in parameters)
            {
                Assert.False(string.IsNullOrWhiteSpace(parameter.Description), $"{path} {parameter.Name}");
                foreach (var value in parameter.CreateValidValues())
                {
                    using var response = await library.Api.Admin.GetAsync($"{path}?{parameter.Name}={Uri.EscapeDataString(value)}", HttpCompletionOption.ResponseHeadersRead);
                    Assert.True(response.IsSuccessStatusCode, $"{path}?{parameter.Name}={value}: {response.StatusCode}");
                }

                foreach (var value in parameter.CreateInvalidValues())
                {
                    await ApiServer.AssertInvalidAsync(await library.Api.Admin.GetAsync($"{path}?{parameter.Name}={Uri.EscapeDataString(value)}"), parameter.Name);
                }
            }
        }
    }

    [Fact]
    public async Task Words_OfTypeSortAndPresence_AreThoseOfTheContract()
    {
        var media = (await ReadParametersAsync())[("GET", "/api/v1/media")].ToDictionary(p => p.Name);

        Assert.Equal(["movie", "tv_show", "music", "game", "software", "book", "comic", "audiobook", "photo", "other"], media["type"].EnumValues);
        Assert.Equal(["-added", "added", "title", "-title", "-year", "year", "-rating", "rating", "-updated", "updated"], media["sort"].EnumValues);
        Assert.Equal(["present", "unknown", "missing", "retired"], media["presence"].EnumValues);
        Assert.Equal((255, 1, 200, 0, 10), (media["query"].MaxLength, media["limit"].Minimum, media["limit"].Maximum, media["rating"].Minimum, media["rating"].Maximum));
        Assert.Equal("integer", media["year"].Type);
    }

    [Theory]
    [InlineData("media", "query", "zzz")]
    [InlineData("media", "resolution", "zzz")]
    [InlineData("media", "codec", "zzz")]
    [InlineData("audit", "user", "zzz")]
    [InlineData("audit", "action", "zzz")]
    [InlineData("audit", "target", "zzz")]
    [InlineData("audit/export", "user", "zzz")]
    [InlineData("audit/export", "action", "zzz")]
    [InlineData("audit/export", "target", "zzz")]
    [InlineData("errors", "component", "zzz")]
    [InlineData("errors", "find", "zzz")]
    [InlineData("errors/export", "component", "zzz")]
    [InlineData("errors/export", "find", "zzz")]
    [InlineData("jobs/history", "job", "zzz")]
    public async Task Text_ThatNothingHas_NarrowsTheAnswer(string path, string parameter, string value)
    {
        var all = await (await library.Api.Admin.GetAsync($"/api/v1/{path}")).Content.ReadAsStringAsync();
        var narrowed = await (await library.Api.Admin.GetAsync($"/api/v1/{path}?{parameter}={value}")).Content.ReadAsStringAsync();

        Assert.True(narrowed.Length < all.Length, $"{all.Length} and {narrowed.Length} characters");
    }

    [Fact]
    public async Task Client_MadeOfTheDescription_SearchesFiltersSortsAndPages()
    {
        var client = new DescriptionClient(library.Api.Admin, "/api/v1/media", (await ReadParametersAsync())[("GET", "/api/v1/media")]);

        Assert.Equal(["Ashen Harbor"], ReadTitles(await client.GetAsync(("query", "ashen"))));
        Assert.Equal(["Birch Lane", "Copper Road"], ReadTitles(await client.GetAsync(("type", "movie"), ("yearFrom", "1990"), ("sort", "title"))));

        var walked = new List<string>();
        for (string? cursor = null; walked.Count == 0 || cursor is not null;)
        {
            var page = await client.GetAsync(("sort", "-title"), ("limit", "2"), ("type", "movie"), ("cursor", cursor));
            walked.AddRange(ReadTitles(page));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        Assert.Equal(["Copper Road", "Birch Lane", "Ashen Harbor"], walked);
    }

    private static IEnumerable<string> ReadTitles(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString()!);

    private async Task<Dictionary<(string Method, string Path), List<ParameterDescription>>> ReadParametersAsync()
    {
        var document = await ApiServer.AssertOkAsync(await library.Api.Anonymous.GetAsync("/openapi/v1.json"));
        return (
            from path in document.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            select (Key: (operation.Name.ToUpperInvariant(), path.Name), Parameters: ParameterDescription.Parse(operation.Value).ToList())).ToDictionary(o => o.Key, o => o.Parameters);
    }

    private async Task<List<(string Path, List<ParameterDescription> Parameters)>> FindReadEndpointsAsync()
    {
        var readers = (await ReadParametersAsync()).Where(o => o.Value.Count > 0).Select(o => (o.Key.Path, o.Value)).ToList();
        Assert.NotEmpty(readers);
        return readers;
    }

    /// <summary>A described parameter, with values that fit the description and values that do not.</summary>
    private sealed record ParameterDescription(string Name, string? Description, string Type, string? Format, IReadOnlyList<string>? EnumValues, double? Minimum, double? Maximum, int? MaxLength)
    {
        public static IEnumerable<ParameterDescription> Parse(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
            ? from parameter in parameters.EnumerateArray()
              where parameter.GetProperty("in").GetString() == "query"
              let schema = parameter.GetProperty("schema")
              select new ParameterDescription(
                  parameter.GetProperty("name").GetString()!,
                  parameter.TryGetProperty("description", out var description) ? description.GetString() : null,
                  schema.GetProperty("type").GetString()!,
                  schema.TryGetProperty("format", out var format) ? format.GetString() : null,
                  schema.TryGetProperty("enum", out var words) ? [.. words.EnumerateArray().Select(w => w.GetString()!)] : null,
                  schema.TryGetProperty("minimum", out var minimum) ? minimum.GetDouble() : null,
                  schema.TryGetProperty("maximum", out var maximum) ? maximum.GetDouble() : null,
                  schema.TryGetProperty("maxLength", out var maxLength) ? maxLength.GetInt32() : null)
            : [];

        public IEnumerable<string> CreateValidValues() => (this switch
        {
            { EnumValues: { } words } => words,
            { Format: "date" } => ["2020-02-29"],
            { Format: "date-time" } => ["2020-02-29T12:00:00Z"],
            { MaxLength: { } maxLength } => [new string('a', maxLength)],
            { Type: "string" } => Name == "cursor" ? [] : ["a"],
            { Name: "year" or "yearFrom" or "yearTo" } => ["2000"],
            _ => new[] { Minimum, Maximum, Minimum is null && Maximum is null ? 1 : null }.OfType<double>().Select(FormatNumber),
        });

        public IEnumerable<string> CreateInvalidValues() => (this switch
        {
            { EnumValues: not null } or { Format: not null } => ["bogus"],
            { MaxLength: { } maxLength } => [new string('a', maxLength + 1)],
            { Type: "string" } => Array.Empty<string>(),
            _ => ["bogus"],
        }).Concat(new[] { Minimum - 1, Maximum + 1 }.OfType<double>().Select(FormatNumber)).Concat(Type == "integer" ? ["1.5"] : []);

        private static string FormatNumber(double value) => value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Sends only what is described, as a generated client does.</summary>
    private sealed class DescriptionClient(HttpClient http, string path, IReadOnlyList<ParameterDescription> parameters)
    {
        public async Task<JsonElement> GetAsync(params (string Name, string? Value)[] given)
        {
            var query = from g in given
                        where g.Value is not null
                        let parameter = Assert.Single(parameters, p => p.Name == g.Name)
                        where parameter.EnumValues is null || parameter.EnumValues.Contains(g.Value) || Reject(g.Value)
                        select $"{g.Name}={Uri.EscapeDataString(g.Value!)}";
            return await ApiServer.AssertOkAsync(await http.GetAsync($"{path}?{string.Join('&', query)}"));
        }

        private static bool Reject(string? value) => throw new ArgumentException($"'{value}' is not described.", nameof(value));
    }

    /// <summary>Three films and an album, scanned once and only read, and an error in the log.</summary>
    public sealed class Library : IAsyncLifetime
    {
        public ApiServer Api { get; } = new();

        public async Task InitializeAsync()
        {
            await Api.InitializeAsync();
            var source = await Api.AddSourceAsync("described", "Ashen Harbor (1979) 720p.mkv", "Birch Lane (1994) 1080p.mkv", "Copper Road (2003) 1080p.mkv", "Music/An Artist/An Album (2001)/01 - A Track.flac");
            Assert.Equal("completed", (await Api.ScanAsync(source)).GetProperty("state").GetString());
            await using var ear = await Support.EventStreamListener.ListenAsync(Api.Admin);
            Api.Server.Get<ILoggerFactory>().CreateLogger("Catalogizer.Domain.Sources.Test").LogError("Something failed");
            await ear.ReadUntilAsync(told => told.Name == "records.changed");
        }

        public Task DisposeAsync() => Api.DisposeAsync();
    }
}
