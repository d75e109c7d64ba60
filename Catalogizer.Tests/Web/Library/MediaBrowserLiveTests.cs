using Bunit;
using Catalogizer.Domain.Events;
using Catalogizer.Domain.Library;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components;
using Catalogizer.Web.Components.Library;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Library;

/// <summary>The library while the catalogue changes, from prerendering to the moment the user leaves.</summary>
public sealed class MediaBrowserLiveTests : MediaBrowserTest, IClassFixture<LibraryFixture>
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(250);

    private readonly SteppedTime _time;

    public MediaBrowserLiveTests(LibraryFixture library)
        : base(library, new SteppedTime()) => _time = (SteppedTime)Services.GetRequiredService<TimeProvider>();

    [Fact]
    public async Task Event_WorkChanged_IsShownWithoutALoadingFace()
    {
        var page = await OpenWideAsync();
        var first = ReadShownIds(page).First();
        Reader.TransformItem = item => item.Id == first ? item with { Title = "Another Name" } : item;

        Streamer.Publish(new ItemsChanged(first));

        WaitForAssertion(page, () => Assert.Equal("Another Name", page.Find(".card-title").TextContent));
        Assert.Equal(1, Reader.PageQueries.Last().Limit);     // the grid loads its own items; only the counts are requested
        Assert.Empty(page.FindAll(".loading, .cards-first"));
    }

    [Fact]
    public async Task ShowNew_WhileARefreshAsksForTheTopWork_LeavesNothingWaiting()
    {
        var page = await OpenWideAsync();
        var shown = ReadShownIds(page).ElementAt(Columns * 2);
        Reader.TransformPage = result => result with { Total = LibraryFixture.ItemCount + 30 };
        Reader.TransformWindow = window => window with { Shift = 30 };
        Script.Setup<long?>("topWork", _ => true).SetResult(shown);
        Streamer.Publish(new ItemsChanged());
        WaitForAssertion(page, () => Assert.Contains("30 new", page.Find(".results-new").TextContent, StringComparison.Ordinal));

        var asked = new TaskCompletionSource();
        var answer = Script.Setup<long?>("topWork", _ => asked.TrySetResult() || true);
        Streamer.Publish(new ItemsChanged());
        for (var pauses = _time.WaitForTimerAsync(); await Task.WhenAny(asked.Task, pauses) == pauses; pauses = _time.WaitForTimerAsync())
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await page.Find(".results-new button").ClickAsync(new());
        WaitForAssertion(page, () => Assert.Empty(page.FindAll(".results-new")));
        var before = Reader.PageQueries.Count;
        answer.SetResult(shown);

        WaitForAssertion(page, () => Assert.Equal(before + 1, Reader.PageQueries.Count));
        await page.InvokeAsync(() => page.Instance.OnWidth(Width));
        Assert.Empty(page.FindAll(".results-new"));
    }

    [Fact]
    public async Task Event_ListHasBecomeShorter_ShowsTheRest()
    {
        var page = await OpenWideAsync("library?type=game");
        var games = ReadShownIds(page).ToList();
        Reader.TransformPage = result => result with { Total = 3 };

        Streamer.Publish(new ItemsChanged());

        WaitForAssertion(page, () => Assert.Equal(games.Take(3), ReadShownIds(page)));
        Assert.Equal("3 works", ReadSummary(page));
    }

    [Fact]
    public async Task Events_FewWorks_AreShownAtMostFourTimesASecond()
    {
        var page = await OpenWideAsync("library?type=game");
        var before = Reader.PageQueries.Count;

        Streamer.Publish(new ItemsChanged(1));
        WaitForAssertion(page, () => Assert.Equal(before + 1, Reader.PageQueries.Count));
        Publish(5);
        Assert.Equal(before + 1, Reader.PageQueries.Count);
        await _time.AdvanceAfterWaitAsync(RefreshInterval);

        WaitForAssertion(page, () => Assert.Equal(before + 2, Reader.PageQueries.Count));
        await _time.AdvanceAfterWaitAsync(RefreshInterval);
        Assert.Equal(before + 2, Reader.PageQueries.Count);
    }

    [Fact]
    public async Task Events_FullWall_AreShownAtMostOnceASecond()
    {
        var page = await OpenWideAsync();
        var before = Reader.PageQueries.Count;

        Streamer.Publish(new ItemsChanged(1));
        WaitForAssertion(page, () => Assert.Equal(before + 1, Reader.PageQueries.Count));
        Publish(5);
        await _time.AdvanceAfterWaitAsync(RefreshInterval);
        Publish(5);
        await _time.AdvanceAfterWaitAsync(TimeSpan.FromMilliseconds(749));
        Assert.Equal(before + 1, Reader.PageQueries.Count);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        WaitForAssertion(page, () => Assert.Equal(before + 2, Reader.PageQueries.Count));
    }

    [Fact]
    public async Task Event_OfAnotherConcern_IsPassedOver()
    {
        var page = await OpenWideAsync("library?type=game");
        var before = Reader.PageQueries.Count;

        Streamer.Publish(new AnalyticsChanged());
        Streamer.Publish(new SourceChanged(1));

        WaitForAssertion(page, () => Assert.Equal(before + 1, Reader.PageQueries.Count));
        await _time.AdvanceAfterWaitAsync(RefreshInterval);
        Assert.Equal(before + 1, Reader.PageQueries.Count);
    }

    [Fact]
    public async Task Event_CatalogFails_WhatIsShownStaysAndTheNextEventBringsTheRest()
    {
        var page = await OpenWideAsync("library?type=game");
        var games = ReadShownIds(page).ToList();
        var failed = new TaskCompletionSource();
        Reader.BeforeRead = _ =>
        {
            failed.TrySetResult();
            throw new IOException("The disk is gone.");
        };

        Streamer.Publish(new ItemsChanged(1));
        await failed.Task;
        await _time.WaitForTimerAsync();
        Assert.Equal(games, ReadShownIds(page));
        Assert.Empty(page.FindAll("[role=alert]"));

        (Reader.BeforeRead, Reader.TransformItem) = (_ => Task.CompletedTask, item => item with { Title = "Another Name" });
        Streamer.Publish(new ItemsChanged(1));
        _time.Advance(RefreshInterval);

        WaitForAssertion(page, () => Assert.Equal("Another Name", page.Find(".card-title").TextContent));
    }

    [Theory]
    [InlineData("List", "true")]
    [InlineData("nonsense", "false")]
    public void Prerender_CookieOfTheLayout_IsFollowed(string cookie, string isList)
    {
        SetRendererInfo(new RendererInfo("Static", false));
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = $"catalogizer-layout={cookie}";

        var page = Render<MediaBrowser>(p => p.AddCascadingValue<HttpContext>(http));

        WaitForAssertion(page, () => Assert.Equal(isList, FindButton(page, "List").GetAttribute("aria-pressed")));
        Assert.Equal(0, Streamer.Subscribers);
    }

    [Fact]
    public async Task Prerender_Sent_HandsWhatItLoadedToTheCircuit()
    {
        SetRendererInfo(new RendererInfo("Static", false));
        var page = Open("library?type=movie");
        WaitForAssertion(page, () => Assert.Equal(FirstItemCount, page.FindAll(".card").Count));

        await page.InvokeAsync(PersistedState.TriggerOnPersisting);

        Assert.True(PersistedState.TryTake<byte[]>(LibraryPrerenderState.Key, out var packed));
        var start = LibraryPrerenderState.Decompress(packed)!;
        Assert.Equal(ReadShownIds(page), start.Page.Items.Select(item => item.Id));
        Assert.Equal((Streamer.Published, LibraryLayout.Grid, 3), (start.Published, start.Layout, start.Sources.Count));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task TakeOver_PageAsItWasSent_IsAskedForAgainOnlyWhenSomethingHappened(bool somethingHappened, int asked)
    {
        var film = SampleMedia.Film with { Title = "As It Was Sent" };
        var start = new LibraryPrerenderState(new MediaPage([film], null, 1, false, SampleMedia.Facets), new Dictionary<long, string> { [1] = "Films" }, LibraryLayout.Grid, Streamer.Published);
        PersistedState.Persist(LibraryPrerenderState.Key, start.Compress());
        var held = new TaskCompletionSource();
        Reader.BeforeRead = held.Task.WaitAsync;
        if (somethingHappened)
        {
            Streamer.Publish(new ItemsChanged());
        }

        var page = Open();

        Assert.Equal("As It Was Sent", Assert.Single(page.FindAll(".card-title")).TextContent);
        Assert.Equal(asked, Reader.PageQueries.Count);
        held.SetResult();
        WaitForAssertion(page, () => Assert.Equal(asked == 0 ? 1 : FirstItemCount, page.FindAll(".card").Count));
        await DisposeComponentsAsync();
    }

    [Fact]
    public async Task Enter_WallDrawn_ReturnsToWhereTheReaderWasOnce()
    {
        var page = await OpenWideAsync();
        Streamer.Publish(new ItemsChanged());
        WaitForAssertion(page, () => Assert.Equal(2, Reader.PageQueries.Count));
        await page.InvokeAsync(() => page.Instance.OnWidth(Width / 2));

        Script.VerifyInvoke("enter");
        Script.VerifyInvoke("restoreScroll");
    }

    [Fact]
    public async Task Leave_AnswerOnItsWay_CancelsItEndsTheSubscriptionAndTellsTheBrowser()
    {
        var cancelled = new TaskCompletionSource();
        Reader.BeforeRead = token =>
        {
            token.Register(cancelled.SetResult);
            return Task.Delay(Timeout.Infinite, token);
        };
        Open();
        Assert.Equal(3, Streamer.Subscribers);      // the page, its banner of held scans, and the backlog note

        await DisposeComponentsAsync();

        await cancelled.Task;
        Assert.Equal(0, Streamer.Subscribers);
        Script.VerifyInvoke("leave");
    }

    private void Publish(int events)
    {
        for (var i = 1; i <= events; i++)
        {
            Streamer.Publish(new ItemsChanged(i));
        }
    }
}
