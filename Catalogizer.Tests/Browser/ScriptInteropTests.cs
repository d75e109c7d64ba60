using System.Collections.Concurrent;
using Catalogizer.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.JSInterop;
using static Microsoft.Playwright.Assertions;

namespace Catalogizer.Tests.Browser;

/// <summary>New features of the .NET 10 script work over a real circuit, under the product's content security policy.</summary>
[Trait("Category", "Browser")]
public sealed class ScriptInteropTests : IAsyncLifetime
{
    private readonly ConcurrentBag<HttpContext> _circuits = [];
    private WebApplication _app = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // Serves the product's static files.
            ApplicationName = typeof(CatalogizerApp).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseStaticWebAssets();
        builder.Logging.ClearProviders();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        _app = builder.Build();
        _app.UseSecurityHeaders();
        _app.Use((http, next) =>
        {
            if (http.Request.Path == "/_blazor")
            {
                _circuits.Add(http);
            }

            return next(http);
        });
        _app.UseAntiforgery();
        _app.MapStaticAssets();
        _app.MapRazorComponents<InteropPage>().AddInteractiveServerRenderMode();
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task ValuesAndConstructors_AreReadSetAndCalled()
    {
        await using var visitor = await Chromium.VisitAsync(new Uri(_app.Urls.First()));

        await visitor.Page.GotoAsync("/interop");

        await Expect(visitor.Page.Locator("#results li")).ToHaveTextAsync(["Interop", "Set by .NET", "?q=first", "http://localhost/item?q=second"]);
        await Expect(visitor.Page).ToHaveTitleAsync("Set by .NET");
        visitor.AssertNoErrors();
    }

    [Fact]
    public async Task LostConnection_StateEvents_TellOfLossAndReturn()
    {
        await using var visitor = await Chromium.VisitAsync(new Uri(_app.Urls.First()));
        await visitor.Page.GotoAsync("/interop");
        await Expect(visitor.Page.Locator("#results li")).ToHaveCountAsync(4);
        var lost = visitor.Page.EvaluateAsync<string[]>(
            """
            () => new Promise(resolve => {
              const states = [];
              document.getElementById('components-reconnect-modal').addEventListener('components-reconnect-state-changed', e => {
                if (states.at(-1) !== e.detail.state) states.push(e.detail.state);
                if (e.detail.state === 'hide') resolve(states);
              });
              document.body.dataset.listening = 'true';
            })
            """);
        await Expect(visitor.Page.Locator("body[data-listening]")).ToHaveCountAsync(1);

        Assert.Single(_circuits).Abort();

        var states = await lost.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("show", states[0]);
        Assert.Equal("hide", states[^1]);
        await visitor.Page.ClickAsync("#again");
        await Expect(visitor.Page.Locator("#results li")).ToHaveCountAsync(8);
    }

    [Route("/interop")]
    public sealed class InteropPage : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddMarkupContent(0, """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8" /><title>Interop</title><base href="/" /><link rel="icon" href="data:," /></head><body>""");
            builder.OpenComponent<InteropCalls>(1);
            builder.AddComponentRenderMode(RenderMode.InteractiveServer);
            builder.CloseComponent();
            builder.AddMarkupContent(2, """<div id="components-reconnect-modal"></div><script src="_framework/blazor.web.js"></script></body></html>""");
        }
    }

    public sealed class InteropCalls : ComponentBase
    {
        private readonly List<string> _results = [];

        [Inject]
        public IJSRuntime Script { get; set; } = null!;

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "button");
            builder.AddAttribute(1, "id", "again");
            builder.AddAttribute(2, "onclick", EventCallback.Factory.Create(this, CallAsync));
            builder.CloseElement();
            builder.OpenElement(3, "ul");
            builder.AddAttribute(4, "id", "results");
            foreach (var result in _results)
            {
                builder.OpenElement(5, "li");
                builder.AddContent(6, result);
                builder.CloseElement();
            }

            builder.CloseElement();
        }

        protected override async Task OnAfterRenderAsync(bool firstRender)
        {
            if (firstRender)
            {
                await CallAsync();
                StateHasChanged();
            }
        }

        private async Task CallAsync()
        {
            var before = await Script.GetValueAsync<string>("document.title");
            await Script.SetValueAsync("document.title", "Set by .NET");
            var after = await Script.GetValueAsync<string>("document.title");
            await using var url = await Script.InvokeConstructorAsync("URL", "http://localhost/item?q=first");
            var query = await url.GetValueAsync<string>("search");
            await url.SetValueAsync("search", "?q=second");
            _results.AddRange([before, after, query, await url.GetValueAsync<string>("href")]);
        }
    }
}
