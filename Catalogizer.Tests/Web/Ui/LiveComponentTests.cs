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
        var page = Render<Probe>().Instance;
        Assert.Equal(1, Streamer.Subscribers);

        await DisposeComponentsAsync();

        Assert.Equal(0, Streamer.Subscribers);
        Assert.True(page.HasLeft);
    }

    [Fact]
    public void Event_ThatConcernsIt_Reloads()
    {
        var page = Render<Probe>();

        Streamer.Publish(new ItemsChanged());

        page.WaitForAssertion(() => Assert.Equal("2", page.Find("p").TextContent));
    }

    [Fact]
    public void Event_TheReaderMayNotHear_IsPassedOver()
    {
        var page = Render<Probe>();

        Streamer.Publish(new SourceChanged(1));
        Streamer.Publish(new ItemsChanged());

        page.WaitForState(() => page.Instance.Heard.Count > 0);
        Assert.All(page.Instance.Heard, happened => Assert.IsType<ItemsChanged>(happened));
    }

    [Fact]
    public void Load_Fails_SaysSoAndComesBackOnRetry()
    {
        var page = Render<Probe>(p => p.Add(x => x.Fails, true));
        Assert.NotNull(page.Instance.Trouble);

        page.Render(p => p.Add(x => x.Fails, false));
        Streamer.Publish(new ItemsChanged());

        page.WaitForState(() => page.Instance.Trouble is null);
    }

    [Fact]
    public void Prerender_NoCircuitYet_SubscribesToNothing()
    {
        SetRendererInfo(new RendererInfo("Static", false));

        Render<Probe>();

        Assert.Equal(0, Streamer.Subscribers);
    }

    private sealed class Probe : LiveComponent
    {
        private int _loads;

        [Parameter]
        public bool Fails { get; set; }

        public List<CatalogEvent> Heard { get; } = [];

        public bool HasLeft => Leaving.IsCancellationRequested;

        public string? Trouble => Failure;

        protected override bool IsRelevant(CatalogEvent happened) => true;

        protected override Task LoadAsync()
        {
            _loads++;
            return Fails ? throw new InvalidOperationException("The disk is gone.") : Task.CompletedTask;
        }

        protected override Task OnEventsAsync(IReadOnlyList<CatalogEvent> happened)
        {
            Heard.AddRange(happened);
            return base.OnEventsAsync(happened);
        }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "p");
            builder.AddContent(1, _loads);
            builder.CloseElement();
        }
    }
}
