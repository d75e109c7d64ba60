using Bunit;
using Catalogizer.Domain.Events;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Live;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Tests.Web.Live;

public sealed class ConnectionStatusTests : CatalogPageTest
{
    [Fact]
    public async Task Status_SourcesAddedWhileItIsOpen_AreCountedAndLedTo()
    {
        var status = Render<ConnectionStatus>();
        Assert.Equal("Live; there are no sources yet. To the sources", status.Find(".sr-only").TextContent);

        var source = await Catalog.AddSourceAsync();

        status.WaitForAssertion(() => Assert.Equal("Live. Sources: 1 not asked yet. To the sources", status.Find(".sr-only").TextContent));
        await Catalog.ScanAsync(source.Id);
        status.WaitForAssertion(() => Assert.Equal("Live. Sources: 1 connected. To the sources", status.Find(".sr-only").TextContent));
        Assert.Equal("sources", status.Find("a").GetAttribute("href"));
    }

    [Fact]
    public void Status_BeforeTheCircuit_IsNotLive()
    {
        SetRendererInfo(new RendererInfo("Static", false));

        Assert.Contains("connection-waiting", Render<ConnectionStatus>().Find("a").ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_AThousandOpenedAndLeft_LeaveNobodyListening()
    {
        for (var i = 0; i < 50; i++)
        {
            for (var k = 0; k < 10; k++)
            {
                Render<ConnectionStatus>();
                Render<RealTimeUpdates>();
            }

            Assert.Equal(20, Streamer.Subscribers);
            await DisposeComponentsAsync();
            Assert.Equal(0, Streamer.Subscribers);
        }

        Streamer.Publish(new ItemsChanged());
        Assert.Equal(0, Streamer.Dropped);
    }
}
