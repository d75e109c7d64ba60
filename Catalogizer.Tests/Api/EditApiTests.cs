using System.Net.Http.Json;
using System.Text.Json;

namespace Catalogizer.Tests.Api;

/// <summary>Edits are a layer over the detected values.</summary>
[Trait("Category", "Server")]
public sealed class EditApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    [Fact]
    public async Task Put_SomeFields_LeavesTheOthers()
    {
        var (item, _) = await AddFilmAsync("partial", "Partial (2001) 1080p.mkv", "Partial");

        var first = await PutAsync(item, """{"rating":7.5,"description":"<b>Ünï</b> 🎬"}""");
        var second = await PutAsync(item, """{"year":2003}""");

        Assert.Equal((2001, 7.5), (first.GetProperty("year").GetInt32(), first.GetProperty("rating").GetDouble()));
        Assert.Equal((2003, 7.5, "<b>Ünï</b> 🎬", "Partial"), (second.GetProperty("year").GetInt32(), second.GetProperty("rating").GetDouble(), second.GetProperty("description").GetString(), second.GetProperty("title").GetString()));
    }

    [Fact]
    public async Task Put_Null_TakesTheEditBack()
    {
        var (item, _) = await AddFilmAsync("back", "Going Back (2001).mkv", "Going Back");
        await PutAsync(item, """{"title":"Another Name","year":1990,"rating":3,"description":"x"}""");
        await PutAsync(item, """{"title":"A Third Name"}""");

        var back = await PutAsync(item, """{"title":null,"year":null,"rating":null,"description":null}""");

        Assert.Equal(("Going Back", 2001), (back.GetProperty("title").GetString(), back.GetProperty("year").GetInt32()));
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (back.GetProperty("rating").ValueKind, back.GetProperty("description").ValueKind));
        Assert.Equal(item, Assert.Single(await api.ListItemsAsync("query=going+back")).GetProperty("id").GetInt64());
        Assert.Empty(await api.ListItemsAsync("query=third+name"));
    }

    [Fact]
    public async Task Put_Title_SurvivesARescanAndIsFound()
    {
        var (item, source) = await AddFilmAsync("survive", "Original Name (2001).mkv", "Original Name");
        await PutAsync(item, """{"title":"Chosen Name","year":1975}""");
        api.Server.Write("survive/Original Name (2001) 2160p.mkv");
        api.Server.Write("survive/Original Name (2001).mkv", "rather longer than it was before");

        await api.ScanAsync(source);

        var after = await api.GetAsync($"media/{item}");
        Assert.Equal(("Chosen Name", 1975, 2), (after.GetProperty("title").GetString(), after.GetProperty("year").GetInt32(), after.GetProperty("versionCount").GetInt32()));
        Assert.Single(await api.ListItemsAsync($"source={source}"));
        Assert.Single(await api.ListItemsAsync("query=chosen+na"));
        Assert.Single(await api.ListItemsAsync($"year=1975&source={source}"));
    }

    [Fact]
    public async Task Year_ThatAWorkHas_IsAcceptedAndNoOther()
    {
        var (item, source) = await AddFilmAsync("early", "Early Light (1895).mkv", "Early Light");

        Assert.Equal(item, Assert.Single(await api.ListItemsAsync($"year=1895&source={source}")).GetProperty("id").GetInt64());
        Assert.Equal(item, Assert.Single(await api.ListItemsAsync($"yearFrom=1890&yearTo=1899&source={source}")).GetProperty("id").GetInt64());
        Assert.Equal(1896, (await PutAsync(item, """{"year":1896}""")).GetProperty("year").GetInt32());
        Assert.Contains("from 1896 to 2030", await ApiServer.AssertInvalidAsync(await api.Admin.GetAsync("/api/v1/media?year=1895"), "year"), StringComparison.Ordinal);
        await PutAsync(item, """{"year":1950}""");
        Assert.Contains("from 1900 to 2030", await ApiServer.AssertInvalidAsync(await api.Admin.GetAsync("/api/v1/media?year=1896"), "year"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"title":""}""", "title")]
    [InlineData("""{"title":"   "}""", "title")]
    [InlineData("""{"title":5}""", "title")]
    [InlineData("""{"year":"1999"}""", "year")]
    [InlineData("""{"year":1899}""", "year")]
    [InlineData("""{"year":2031}""", "year")]
    [InlineData("""{"year":1999.5}""", "year")]
    [InlineData("""{"rating":-1}""", "rating")]
    [InlineData("""{"rating":10.1}""", "rating")]
    [InlineData("""{"rating":"good"}""", "rating")]
    [InlineData("""{"description":[]}""", "description")]
    [InlineData("[]", "")]
    public async Task Put_WrongValue_NamesTheFieldAndChangesNothing(string body, string field)
    {
        var (item, _) = await AddFilmAsync("wrong" + body.GetHashCode(StringComparison.Ordinal), "Steady (2001).mkv", "Steady");
        var before = (await api.GetAsync($"media/{item}")).GetRawText();

        await ApiServer.AssertInvalidAsync(await api.Editor.PutAsync($"/api/v1/media/{item}", ApiServer.CreateJsonBody(body)), field);

        Assert.Equal(before, (await api.GetAsync($"media/{item}")).GetRawText());
    }

    [Fact]
    public async Task Put_NoSuchItem_IsNotFound() => await ApiServer.AssertProblemAsync(await api.Editor.PutAsJsonAsync("/api/v1/media/999999", new { rating = 5 }), 404);

    private async Task<JsonElement> PutAsync(long item, string body)
    {
        await ApiServer.AssertOkAsync(await api.Editor.PutAsync($"/api/v1/media/{item}", ApiServer.CreateJsonBody(body)));
        return await api.GetAsync($"media/{item}");
    }

    private async Task<(long Item, long Source)> AddFilmAsync(string name, string file, string title)
    {
        var source = await api.AddSourceAsync(name, file);
        await api.ScanAsync(source);
        return ((await api.FindItemAsync(title, source)).GetProperty("id").GetInt64(), source);
    }
}
