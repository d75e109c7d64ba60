using System.Text.Json;
using Catalogizer.Domain.Accounts.Tokens;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Events;
using Catalogizer.Tests.Support;

namespace Catalogizer.Tests.Api;

/// <summary>The event stream for scripts.</summary>
[Trait("Category", "Server")]
public sealed class EventsApiTests(ApiServer api) : IClassFixture<ApiServer>
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Events_Scan_TellsItsProgressAndThatItemsChanged()
    {
        var source = await api.AddSourceAsync("heard", "A (2001).mkv");
        await using var listener = await EventStreamListener.ListenAsync(api.Viewer);

        await api.ScanAsync(source);

        var receivedEvents = await listener.ReadUntilAsync(received => received.Name == "scan.progressed" && received.Data.GetProperty("scan").GetProperty("state").GetString() == "completed");
        var scan = receivedEvents[^1].Data.GetProperty("scan");
        Assert.Equal((source, 1), (scan.GetProperty("sourceId").GetInt64(), scan.GetProperty("added").GetInt32()));
        Assert.Equal("A (2001).mkv", scan.GetProperty("addedFile").GetString());
        ApiServer.AssertShape(scan, "id:number", "startedAt:time", "finishedAt:time", "listed:number");
        if (receivedEvents.All(received => received.Name != "items.changed"))
        {
            await listener.ReadUntilAsync(received => received.Name == "items.changed");
        }
    }

    [Fact]
    public void Events_EachKind_CarriesNothingOfTheBus()
    {
        var kinds = typeof(CatalogEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CatalogEvent))).ToList();

        Assert.NotEmpty(kinds);
        Assert.All(kinds, kind => Assert.DoesNotContain(JsonSerializerOptions.Web.GetTypeInfo(kind).Properties, property => property.Name is "key" or "needs"));
    }

    [Fact]
    public async Task Events_WhatNeedsMore_IsNotHeard()
    {
        await using var viewer = await EventStreamListener.ListenAsync(api.Viewer);
        var events = api.Server.Get<EventStreamer>();

        events.Publish(new AdminEvent());
        events.Publish(new ItemsChanged(42));

        var receivedEvents = await viewer.ReadUntilAsync(received => received.Data.TryGetProperty("itemId", out var item) && item.ValueKind == JsonValueKind.Number && item.GetInt32() == 42);
        Assert.DoesNotContain(receivedEvents, received => received.Name == "secret.happened");
    }

    [Fact]
    public async Task Events_ListenerLeaves_EndsItsSubscription()
    {
        var events = api.Server.Get<EventStreamer>();
        var before = events.Subscribers;
        var listener = await EventStreamListener.ListenAsync(api.Viewer);
        await listener.DisposeAsync();

        using var timeout = new CancellationTokenSource(WaitTimeout);
        while (events.Subscribers > before)
        {
            timeout.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("role")]
    [InlineData("key")]
    public async Task Events_ListenerMayNotStay_AreHeardNoMore(string how)
    {
        var name = "ear" + how;
        await api.Server.AddUserAsync(name, Role.Viewer);
        var id = (await api.Server.Users.ListAsync(Actor.System, default)).Single(u => u.Username == name).Id;
        var owner = new Actor(id, name, Permission.For(Role.Viewer)) { Session = "of a browser" };
        var keys = api.Server.Get<ApiKeys>();
        var script = api.Server.CreateBrowser();
        script.DefaultRequestHeaders.Authorization = new("Bearer", (await keys.AddAsync(owner, "ear", [Permission.MediaView], null, default)).Value);
        await using var listener = await EventStreamListener.ListenAsync(script);

        await (how switch
        {
            "disable" => api.Server.Users.SetDisabledAsync(Actor.System, id, true, default),
            "role" => api.Server.Users.SetRoleAsync(Actor.System, id, Role.Editor, default),
            _ => (Task)keys.RemoveAsync(owner, (await keys.ListAsync(owner, default)).Single().Id, default),
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => listener.ReadUntilAsync(received => received.Name == "never"));
    }

    private sealed record AdminEvent : CatalogEvent
    {
        public override string Name => "secret.happened";

        internal override string Key => Name;

        internal override string RequiredPermission => Permission.UsersManage;
    }
}
