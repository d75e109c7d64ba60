using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Catalogizer.Domain.Sources.Caching;

namespace Catalogizer.Tests.Api;

/// <summary>Streaming of files straight from the source.</summary>
[Trait("Category", "Server")]
public sealed class StreamApiTests(StreamApiTests.Library library) : IClassFixture<StreamApiTests.Library>
{
    private const string Content = "0123456789abcdefghij";

    private readonly ApiServer _api = library.Api;

    [Fact]
    public async Task Stream_Whole_IsTheFile()
    {
        var response = await _api.Viewer.GetAsync(library.Address);

        Assert.Equal((HttpStatusCode.OK, Content), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(("video/x-matroska", Content.Length), (response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentLength));
        Assert.Equal("bytes", response.Headers.AcceptRanges.ToString());
    }

    [Theory]
    [InlineData("bytes=0-4", "01234", 0, 4)]
    [InlineData("bytes=15-", "fghij", 15, 19)]
    [InlineData("bytes=-3", "hij", 17, 19)]
    [InlineData("bytes=10-1000", "abcdefghij", 10, 19)]
    public async Task Stream_Range_IsThatPart(string range, string content, int from, int to)
    {
        var response = await SendAsync(HttpMethod.Get, library.Address, range);

        Assert.Equal((HttpStatusCode.PartialContent, content), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal(new ContentRangeHeaderValue(from, to, Content.Length), response.Content.Headers.ContentRange);
    }

    [Fact]
    public async Task Stream_RangeBeyondTheEnd_IsNotSatisfiable()
    {
        var response = await SendAsync(HttpMethod.Get, library.Address, "bytes=20-30");

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal(Content.Length, response.Content.Headers.ContentRange?.Length);
    }

    [Fact]
    public async Task Stream_Head_TellsTheLengthAlone()
    {
        var response = await SendAsync(HttpMethod.Head, library.Address, null);

        Assert.Equal((HttpStatusCode.OK, Content.Length), (response.StatusCode, response.Content.Headers.ContentLength));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Stream_WhatABrowserMightRun_IsADownload()
    {
        var page = await _api.Viewer.GetAsync(await library.FindAddressAsync("page.html"));

        Assert.Equal("application/octet-stream", page.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", page.Content.Headers.ContentDisposition?.DispositionType);
    }

    [Fact]
    public async Task Stream_FileReplacedByALink_IsNotFollowed()
    {
        var secret = _api.Server.PathOf("secret.txt");
        _api.Server.Write("secret.txt", "secret");
        var address = await library.FindAddressAsync("Linked (2004).mkv");
        File.Delete(_api.Server.PathOf("films/Linked (2004).mkv"));
        File.CreateSymbolicLink(_api.Server.PathOf("films/Linked (2004).mkv"), secret);

        var response = await _api.Viewer.GetAsync(address);

        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.InRange((int)response.StatusCode, 400, 599);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Stream_FolderReplacedByALink_IsNotFollowed()
    {
        _api.Server.Write("elsewhere/Below (2005).mkv", "secret");
        var address = await library.FindAddressAsync("Below (2005).mkv");
        Directory.Delete(_api.Server.PathOf("films/sub"), recursive: true);
        Directory.CreateSymbolicLink(_api.Server.PathOf("films/sub"), _api.Server.PathOf("elsewhere"));

        var response = await _api.Viewer.GetAsync(address);

        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.InRange((int)response.StatusCode, 400, 599);
    }

    [Fact]
    public async Task Stream_FileGone_IsAProblem()
    {
        var address = await library.FindAddressAsync("Gone (2006).mkv");
        File.Delete(_api.Server.PathOf("films/Gone (2006).mkv"));

        var problem = await ApiServer.AssertProblemAsync(await _api.Viewer.GetAsync(address), 404);

        Assert.False(string.IsNullOrEmpty(problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Stream_SourceAway_IsWhatWasReadBefore()
    {
        var small = await library.FindAddressAsync("Away (2008).mkv");
        var large = await library.FindAddressAsync("Away Large (2009).mkv");
        var unread = await library.FindAddressAsync("Away Unread (2010).mkv");
        var before = await _api.Viewer.GetStringAsync(small);
        await _api.Viewer.GetByteArrayAsync(large);
        Directory.Move(_api.Server.PathOf("away"), _api.Server.PathOf("gone"));

        var fullResponse = await _api.Viewer.GetAsync(small);
        var part = await SendAsync(HttpMethod.Get, large, "bytes=100-199");

        Assert.Equal((HttpStatusCode.OK, before), (fullResponse.StatusCode, await fullResponse.Content.ReadAsStringAsync()));
        Assert.InRange(DateTimeOffset.Parse(Assert.Single(fullResponse.Headers.GetValues("Catalogizer-As-Of")), CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.Equal((HttpStatusCode.PartialContent, 100), (part.StatusCode, (await part.Content.ReadAsByteArrayAsync()).Length));
        await ApiServer.AssertProblemAsync(await SendAsync(HttpMethod.Get, large, "bytes=100-"), 503);
        await ApiServer.AssertProblemAsync(await _api.Viewer.GetAsync(unread), 503);
    }

    [Fact]
    public async Task Stream_NameThatIsNoUtf8_IsTheFile()
    {
        var response = await _api.Viewer.GetAsync(await library.FindAddressAsync("(2007)"));

        Assert.Equal("raw", await response.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, string? range)
    {
        var request = new HttpRequestMessage(method, address);
        if (range is not null)
        {
            request.Headers.Range = RangeHeaderValue.Parse(range);
        }

        return await _api.Viewer.SendAsync(request);
    }

    public sealed class Library : IAsyncLifetime
    {
        public ApiServer Api { get; } = new();

        public string Address { get; private set; } = "";

        public async Task InitializeAsync()
        {
            await Api.InitializeAsync();
            Api.Server.Write("films/Straight (2003).mkv", Content);
            using (var process = System.Diagnostics.Process.Start("/bin/sh", ["-c", "printf raw > \"$1/$(printf 'bad\\377name (2007).mkv')\"", "sh", Api.Server.PathOf("films")]))
            {
                await process.WaitForExitAsync();
            }

            await Api.ScanAsync(await Api.AddSourceAsync("films", "page.html", "Linked (2004).mkv", "sub/Below (2005).mkv", "Gone (2006).mkv"));
            Api.Server.Write("away/Away Large (2009).mkv", new string('x', 2 * FileHead.MaxBytes));
            await Api.ScanAsync(await Api.AddSourceAsync("away", "Away (2008).mkv", "Away Unread (2010).mkv"));
            Address = await FindAddressAsync("Straight (2003).mkv");
        }

        public Task DisposeAsync() => Api.DisposeAsync();

        /// <summary>Returns the stream address of the version whose path contains <paramref name="name"/>.</summary>
        public async Task<string> FindAddressAsync(string name)
        {
            foreach (var item in await Api.ListItemsAsync())
            {
                foreach (var version in (await Api.GetAsync($"media/{item.GetProperty("id")}/versions")).EnumerateArray())
                {
                    if (version.GetProperty("path").GetString()!.Contains(name, StringComparison.Ordinal))
                    {
                        return $"/api/v1/versions/{version.GetProperty("id")}/stream";
                    }
                }
            }

            throw new InvalidOperationException($"No version of {name}.");
        }
    }
}
