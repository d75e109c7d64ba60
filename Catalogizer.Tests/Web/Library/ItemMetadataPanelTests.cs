using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Metadata;
using Catalogizer.Tests.Metadata;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Library;

/// <summary>What an item's page shows of metadata providers, over a real catalogue and a provider of the test.</summary>
public sealed class ItemMetadataPanelTests : CatalogPageTest
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromSeconds(20);
    private static readonly DateTimeOffset NextAttempt = new(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);

    public ItemMetadataPanelTests() => Visitor.SetClaims([new Claim("user_id", "7"), new Claim("username", "mira"), .. Permission.All.Select(p => new Claim("permissions", p))]);

    public static TheoryData<ProviderState, string> States => new()
    {
        { ProviderState.Off, "Not looked up: no metadata provider for items of this type is on. TMDB is off." },
        { ProviderState.NoKey, "Not looked up: no metadata provider for items of this type is on. TMDB has no key." },
        { ProviderState.NoData, "Not looked up: no metadata provider for items of this type is on. The data of TMDB are not loaded yet." },
        { ProviderState.KeyRejected, "Not looked up yet. TMDB refuses its key. Next try at 12:30 UTC." },
        { ProviderState.RateLimited, "Not looked up yet. TMDB asked for a pause. Next try at 12:30 UTC." },
        { ProviderState.CircuitOpen, "Not looked up yet. TMDB cannot be reached. Next try at 12:30 UTC." },
        { ProviderState.Failing, "Not looked up yet. TMDB cannot be reached." },
        { ProviderState.NotTried, "Not looked up yet." },
        { ProviderState.Ok, "Not looked up yet." },
    };

    [Theory]
    [MemberData(nameof(States))]
    public void Sentence_EachStateOfAProvider_HasItsOwn(ProviderState state, string sentence)
    {
        var status = new ProviderStatus(state, RetryAt: state is ProviderState.KeyRejected or ProviderState.RateLimited or ProviderState.CircuitOpen ? NextAttempt : null, LastError: state is ProviderState.CircuitOpen or ProviderState.Failing ? "TMDB cannot be reached." : null);

        Assert.Equal(sentence, ProviderMatchLabels.Describe(CreateMetadata(null, status), MediaKind.Film));
    }

    [Fact]
    public void Sentence_OfTheStates_IsThereForEach() => Assert.Equal(Enum.GetValues<ProviderState>().Order(), States.Select(row => (ProviderState)row[0]).Order());

    [Fact]
    public void Sentence_OneOfSeveralAnswers_NamesNoTrouble() =>
        Assert.Equal("Not looked up yet.", ProviderMatchLabels.Describe(CreateMetadata(null, new ProviderStatus(ProviderState.KeyRejected), new ProviderStatus(ProviderState.Ok)), MediaKind.Film));

    [Fact]
    public void Sentence_NoProviderKnowsTheKind_SaysSo() => Assert.Equal("No metadata provider knows items of this type.", ProviderMatchLabels.Describe(CreateMetadata(null), MediaKind.Book));

    [Theory]
    [InlineData(MediaKind.Season, "Looked up with the series that it is part of.")]
    [InlineData(MediaKind.Episode, "Looked up with the series that it is part of.")]
    [InlineData(MediaKind.Track, "Looked up with the album that it is part of.")]
    public void Sentence_OfAPart_NamesWhatItIsPartOf(MediaKind kind, string sentence) => Assert.Equal(sentence, ProviderMatchLabels.Describe(CreateMetadata(null), kind));

    [Fact]
    public void Sentence_OfAMatchedItem_NamesTheTroubleOfItsProvider()
    {
        var match = new MatchRow { ItemId = 1, State = MatchState.Pinned, Provider = "p0", ExternalId = "603" };

        Assert.Equal("Record 603 of , chosen by a person; it stays. TMDB is off.", ProviderMatchLabels.Describe(CreateMetadata(match, new ProviderStatus(ProviderState.Off), new ProviderStatus(ProviderState.Ok)), MediaKind.Film));
        Assert.Equal("Record 603 of , chosen by a person; it stays.", ProviderMatchLabels.Describe(CreateMetadata(match, new ProviderStatus(ProviderState.Ok), new ProviderStatus(ProviderState.Off)), MediaKind.Film));
    }

    [Fact]
    public async Task Panel_NobodyToAsk_SaysWhyAndWhereValuesComeFrom()
    {
        var panel = await RenderPanelAsync("The Matrix (1999).mkv", "The Matrix");

        panel.WaitForAssertion(() => Assert.Contains("Not looked up: no metadata provider for items of this type is on.", panel.Markup, StringComparison.Ordinal), WaitTimeout);
        Assert.Contains("From the file name: title, year.", panel.Markup, StringComparison.Ordinal);
        Assert.Equal("admin/providers", panel.Find("#known ~ p a").GetAttribute("href"));
        Assert.True(panel.Find(".item-actions button").HasAttribute("disabled"));
    }

    [Fact]
    public async Task Panel_OfWhatNoProviderKnows_SaysSo()
    {
        var panel = await RenderPanelAsync("Ann Author - A Novel (2003).epub", "A Novel");

        panel.WaitForAssertion(() => Assert.Contains("No metadata provider knows items of this type.", panel.Markup, StringComparison.Ordinal), WaitTimeout);
    }

    [Fact]
    public async Task AskAgain_WhateverComesOfIt_IsSaid()
    {
        await using var server = await TestProvider.StartAsync();
        server.Bodies["/search/movie"] = """{"results":[]}""";
        Catalog.Services.GetRequiredService<ProviderManager>().Find("tmdb")!.Channel!.Reconfigure(new ProviderConfiguration(true, "a.b.c", "en", server.Address, server.Address));
        var panel = await RenderPanelAsync("The Matrix (1999).mkv", "The Matrix");
        panel.WaitForAssertion(() => Assert.Contains("Not looked up yet.", panel.Markup, StringComparison.Ordinal), WaitTimeout);

        panel.Find(".item-actions button").Click();
        panel.WaitForAssertion(() => Assert.Equal("The providers were asked again and found nothing like it.", panel.Find(".notice").TextContent.Trim()), WaitTimeout);

        server.Override = http =>
        {
            http.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        panel.Find(".item-actions button").Click();
        panel.WaitForAssertion(() => Assert.Equal("Nothing was changed. TMDB answered with 500.", panel.Find(".notice").TextContent.Trim()), WaitTimeout);

        server.Override = null;
        server.Bodies["/search/movie"] = """{"results":[{"id":603,"title":"The Matrix","release_date":"1999-03-30"}]}""";
        server.Bodies["/movie/603"] = """{"id":603,"title":"The Matrix","release_date":"1999-03-30"}""";
        panel.Find(".item-actions button").Click();
        panel.WaitForAssertion(() => Assert.Equal("TMDB was asked again just now.", panel.Find(".notice").TextContent.Trim()), WaitTimeout);
    }

    private static ItemMetadata CreateMetadata(MatchRow? match, params ProviderStatus[] statuses) =>
        new(match, null, null, [], [.. statuses.Select((s, i) => new ProviderAvailability($"p{i}", s.IsEnabled, s.DescribeProblem("TMDB")))], [], false);

    private async Task<IRenderedComponent<ItemMetadataPanel>> RenderPanelAsync(string file, string title)
    {
        Catalog.Write(file);
        await Catalog.ScanAsync((await Catalog.AddSourceAsync()).Id);
        var item = await Catalog.FindOneAsync(title);
        return Render<ItemMetadataPanel>(p => p.Add(k => k.Item, item));
    }
}
