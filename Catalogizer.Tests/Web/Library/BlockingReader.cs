using System.Collections.Concurrent;
using Catalogizer.Domain.Library;

namespace Catalogizer.Tests.Web.Library;

/// <summary>A catalogue reader whose results a test can delay, fail or change, and that records its queries.</summary>
internal sealed class BlockingReader(ICatalogReader reader) : ICatalogReader
{
    public ConcurrentQueue<MediaQuery> PageQueries { get; } = [];

    public ConcurrentQueue<(MediaQuery Query, int Start, int Count)> WindowQueries { get; } = [];

    /// <summary>Awaited before each result; an exception it throws is passed on.</summary>
    public Func<CancellationToken, Task> BeforeRead { get; set; } = _ => Task.CompletedTask;

    public Func<MediaPage, MediaPage> TransformPage { get; set; } = page => page;

    public Func<MediaSummary, MediaSummary> TransformItem { get; set; } = item => item;

    /// <summary>Changes windows around an anchor only.</summary>
    public Func<MediaWindow, MediaWindow> TransformWindow { get; set; } = window => window;

    public void Reset()
    {
        PageQueries.Clear();
        WindowQueries.Clear();
        (BeforeRead, TransformPage, TransformItem, TransformWindow) = (_ => Task.CompletedTask, page => page, item => item, window => window);
    }

    public async Task<MediaPage> PageAsync(MediaQuery query, CancellationToken cancellation)
    {
        PageQueries.Enqueue(query);
        await BeforeRead(cancellation);
        var page = await reader.PageAsync(query, cancellation);
        return TransformPage(page with { Items = [.. page.Items.Select(TransformItem)] });
    }

    public async Task<IReadOnlyList<MediaSummary>> WindowAsync(MediaQuery query, int start, int count, CancellationToken cancellation)
    {
        WindowQueries.Enqueue((query, start, count));
        await BeforeRead(cancellation);
        return [.. (await reader.WindowAsync(query, start, count, cancellation)).Select(TransformItem)];
    }

    public async Task<MediaWindow> WindowAsync(MediaQuery query, int start, int count, WindowAnchor anchor, CancellationToken cancellation)
    {
        WindowQueries.Enqueue((query, start, count));
        await BeforeRead(cancellation);
        var window = await reader.WindowAsync(query, start, count, anchor, cancellation);
        return TransformWindow(window with { Items = [.. window.Items.Select(TransformItem)] });
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
