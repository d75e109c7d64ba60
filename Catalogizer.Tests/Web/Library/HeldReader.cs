using System.Collections.Concurrent;
using Catalogizer.Domain.Media;

namespace Catalogizer.Tests.Web.Library;

/// <summary>A catalogue's reader whose answers a test can hold back, fail or change, and that notes what it is asked for.</summary>
internal sealed class HeldReader(ICatalogReader reader) : ICatalogReader
{
    public ConcurrentQueue<MediaQuery> Pages { get; } = [];

    public ConcurrentQueue<(MediaQuery Query, int Start, int Count)> Windows { get; } = [];

    /// <summary>Awaited before each answer; what it throws is thrown.</summary>
    public Func<CancellationToken, Task> Before { get; set; } = _ => Task.CompletedTask;

    public Func<MediaPage, MediaPage> Page { get; set; } = page => page;

    public Func<MediaSummary, MediaSummary> Item { get; set; } = item => item;

    public void Release()
    {
        Pages.Clear();
        Windows.Clear();
        (Before, Page, Item) = (_ => Task.CompletedTask, page => page, item => item);
    }

    public async Task<MediaPage> PageAsync(MediaQuery query, CancellationToken cancellation)
    {
        Pages.Enqueue(query);
        await Before(cancellation);
        var page = await reader.PageAsync(query, cancellation);
        return Page(page with { Items = [.. page.Items.Select(Item)] });
    }

    public async Task<IReadOnlyList<MediaSummary>> WindowAsync(MediaQuery query, int start, int count, CancellationToken cancellation)
    {
        Windows.Enqueue((query, start, count));
        await Before(cancellation);
        return [.. (await reader.WindowAsync(query, start, count, cancellation)).Select(Item)];
    }

    public async Task<MediaWindow> WindowAsync(MediaQuery query, int start, int count, WindowAnchor anchor, CancellationToken cancellation)
    {
        Windows.Enqueue((query, start, count));
        await Before(cancellation);
        var window = await reader.WindowAsync(query, start, count, anchor, cancellation);
        return window with { Items = [.. window.Items.Select(Item)] };
    }

    public Task<IReadOnlyList<MediaSummary>> SuggestAsync(string typed, int limit, CancellationToken cancellation) => reader.SuggestAsync(typed, limit, cancellation);

    public Task<MediaDetail?> GetAsync(long id, CancellationToken cancellation) => reader.GetAsync(id, cancellation);

    public Task<IReadOnlyList<MediaVersion>> VersionsAsync(long id, CancellationToken cancellation) => reader.VersionsAsync(id, cancellation);

    public Task<IReadOnlyList<MediaSummary>> ChildrenAsync(long id, CancellationToken cancellation) => reader.ChildrenAsync(id, cancellation);

    public Task<IReadOnlyList<MediaEvent>> HistoryAsync(long id, CancellationToken cancellation) => reader.HistoryAsync(id, cancellation);

    public Task<FileLocation?> FileLocationAsync(long versionId, CancellationToken cancellation) => reader.FileLocationAsync(versionId, cancellation);

    public Task<MediaStatistics> StatisticsAsync(CancellationToken cancellation) => reader.StatisticsAsync(cancellation);

    public bool IsValidCursor(MediaQuery query) => reader.IsValidCursor(query);

    public Task<YearRange?> YearsAsync(CancellationToken cancellation) => reader.YearsAsync(cancellation);
}
