using Bunit;
using Catalogizer.Domain.Events;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Ui;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Catalogizer.Tests.Web.Ui;

public sealed class LiveComponentTests : PageTest
{
    [Fact]
    public async Task Dispose_ReaderLeaves_EndsTheSubscriptionAndCancelsItsWork()
    {
        var page = Render<TestComponent>().Instance;
        Assert.Equal(1, Streamer.Subscribers);

        await DisposeComponentsAsync();

        Assert.Equal(0, Streamer.Subscribers);
        Assert.True(page.HasLeft);
    }

    [Fact]
    public void Event_ThatConcernsIt_Reloads()
    {
        var page = Render<TestComponent>();

        Streamer.Publish(new ItemsChanged());

        page.WaitForAssertion(() => Assert.Equal("2", page.Find("p").TextContent));
    }

    [Fact]
    public void Event_TheReaderMayNotHear_IsPassedOver()
    {
        var page = Render<TestComponent>();

        Streamer.Publish(new SourceChanged(1));
        Streamer.Publish(new ItemsChanged());

        page.WaitForState(() => page.Instance.Events.Count > 0);
        Assert.All(page.Instance.Events, catalogEvents => Assert.IsType<ItemsChanged>(catalogEvents));
    }

    [Fact]
    public void Load_Fails_SaysSoAndComesBackOnRetry()
    {
        var page = Render<TestComponent>(p => p.Add(x => x.Fails, true));
        Assert.NotNull(page.Instance.FailureText);

        page.Render(p => p.Add(x => x.Fails, false));
        Streamer.Publish(new ItemsChanged());

        page.WaitForState(() => page.Instance.FailureText is null);
    }

    [Fact]
    public void Prerender_NoCircuitYet_SubscribesToNothing()
    {
        SetRendererInfo(new RendererInfo("Static", false));

        Render<TestComponent>();

        Assert.Equal(0, Streamer.Subscribers);
    }

    private sealed class TestComponent : LiveComponent
    {
        private int _loadCount;

        [Parameter]
        public bool Fails { get; set; }

        public List<CatalogEvent> Events { get; } = [];

        public bool HasLeft => Leaving.IsCancellationRequested;

        public string? FailureText => Failure;

        protected override bool IsRelevant(CatalogEvent catalogEvents) => true;

        protected override Task LoadAsync()
        {
            _loadCount++;
            return Fails ? throw new InvalidOperationException("The disk is gone.") : Task.CompletedTask;
        }

        protected override Task OnEventsAsync(IReadOnlyList<CatalogEvent> catalogEvents)
        {
            Events.AddRange(catalogEvents);
            return base.OnEventsAsync(catalogEvents);
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "p");
            builder.AddContent(1, _loadCount);
            builder.CloseElement();
        }
    }
}
