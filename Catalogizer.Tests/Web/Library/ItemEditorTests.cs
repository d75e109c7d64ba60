using System.Security.Claims;
using Bunit;
using Catalogizer.Domain.Catalog;
using Catalogizer.Domain.Library;
using Catalogizer.Tests.Support;
using Catalogizer.Web.Components.Library;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Catalogizer.Tests.Web.Library;

public sealed class ItemEditorTests : CatalogPageTest
{
    [Fact]
    public async Task TakeBack_Undone_IsTheEditAgain()
    {
        var editor = await OpenAsync();
        await SetAsync(editor, "Loud Water", 1999);

        await editor.Find("form .link-button").ClickAsync(new());
        editor.WaitForAssertion(() => Assert.Equal("Quiet Water", editor.Find("#edit-title").GetAttribute("value")));
        await UndoAsync(editor);

        editor.WaitForAssertion(() => Assert.Equal("Loud Water", editor.Find("#edit-title").GetAttribute("value")));
        var (item, edits) = await ReadCurrentAsync();
        Assert.Equal(("Loud Water", 1999), (item.Title, item.Year));
        Assert.Equal(["title", "year"], edits.Order());
    }

    [Fact]
    public async Task Save_Undone_IsAsItWasFound()
    {
        var editor = await OpenAsync();
        await SetAsync(editor, "Loud Water", 1999);

        await UndoAsync(editor);

        editor.WaitForAssertion(() => Assert.Equal("Quiet Water", editor.Find("#edit-title").GetAttribute("value")));
        var (item, edits) = await ReadCurrentAsync();
        Assert.Equal(("Quiet Water", 2001), (item.Title, item.Year));
        Assert.Empty(edits);
    }

    private static Task UndoAsync(IRenderedComponent<ItemEditor> editor) =>
        editor.FindAll(".form-actions button").Single(button => button.TextContent == "Undo").ClickAsync(new());

    private static async Task SetAsync(IRenderedComponent<ItemEditor> editor, string title, int year)
    {
        await editor.Find("#edit-title").ChangeAsync(new() { Value = title });
        await editor.Find("#edit-year").ChangeAsync(new() { Value = year.ToString(System.Globalization.CultureInfo.InvariantCulture) });
        await editor.Find("form").SubmitAsync();
        editor.WaitForAssertion(() => Assert.Equal("Saved.", editor.Find("[role=status]").TextContent));
    }

    private async Task<(MediaSummary Item, IReadOnlyList<string> Edits)> ReadCurrentAsync()
    {
        var detail = (await Media.GetAsync(Actor.System, _id, default)).Value;
        return (detail.Item, detail.Edits);
    }

    private long _id;

    private MediaService Media => Catalog.Services.GetRequiredService<MediaService>();

    private async Task<IRenderedComponent<ItemEditor>> OpenAsync()
    {
        Visitor.SetClaims(new Claim("user_id", "7"), new Claim("username", "mira"), new Claim("permissions", Permission.MediaView), new Claim("permissions", Permission.MediaEdit));
        Catalog.Write("Quiet Water (2001).mkv");
        await Catalog.ScanAsync((await Catalog.AddSourceAsync()).Id);
        _id = (await Catalog.FindOneAsync("Quiet Water")).Id;
        IRenderedComponent<ItemEditor> editor = null!;
        editor = Render<ItemEditor>(p => p
            .Add(c => c.Detail, Media.GetAsync(Actor.System, _id, default).Result.Value)
            .Add(c => c.Changed, EventCallback.Factory.Create<MediaDetail>(this, detail => editor.Render(now => now.Add(c => c.Detail, detail)))));
        return editor;
    }
}
