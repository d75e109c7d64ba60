using Catalogizer.Domain.Accounts;
using Catalogizer.Domain.Events;
using Catalogizer.Web.Accounts;
using Microsoft.AspNetCore.Components;

namespace Catalogizer.Web.Components.Ui;

/// <summary>
/// A part of a page that hears what happens in the catalogue, reloads what it shows at most four times a second, and stops
/// caring when the reader leaves. It loads once the circuit is there, unless it says otherwise; until then its loading face is drawn.
/// </summary>
public abstract class LiveComponent : ComponentBase, IDisposable
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _leaving = new();
    private EventSubscription? _subscription;

    [Inject]
    internal EventStreamer Streamer { get; set; } = null!;

    [Inject]
    internal CurrentActor CurrentActor { get; set; } = null!;

    [Inject]
    internal ILoggerFactory LoggerFactory { get; set; } = null!;

    /// <summary>The request for the page; none once there is a circuit.</summary>
    [CascadingParameter]
    protected HttpContext? Http { get; set; }

    /// <summary>Cancelled with the page.</summary>
    protected CancellationToken Leaving { get; private set; }

    /// <summary>Who is looking; known from the first load on.</summary>
    protected Actor Actor { get; private set; } = new(null, "anonymous", []);

    protected bool IsLoaded { get; private set; }

    /// <summary>Why the last load failed, worded for people; null after a good one.</summary>
    protected string? Failure { get; private set; }

    protected LiveComponent() => Leaving = _leaving.Token;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
        {
            await PrerenderAsync();
            return;
        }

        // Before anything is waited for: what the page was sent with is drawn again at once, without a loading face between.
        var restoredEventCount = RestorePrerendered();
        IsLoaded = restoredEventCount is not null;
        Actor = await CurrentActor.GetAsync();
        if (Leaving.IsCancellationRequested)
        {
            return;
        }

        _subscription = Streamer.Subscribe(catalogEvent => catalogEvent.IsVisibleTo(Actor) && IsRelevant(catalogEvent));
        _ = ListenAsync(_subscription);
        if (restoredEventCount != Streamer.Published)
        {
            await ReloadAsync();
        }
    }

    /// <summary>Whether it is loaded for the page as it is first sent, too, before there is a circuit.</summary>
    protected virtual bool LoadsOnPrerender => false;

    /// <summary>Whether what the address names is there. Asked for the page as it is first sent, which else says 404 to whoever reads only that.</summary>
    protected virtual Task<bool> ExistsAsync() => Task.FromResult(true);

    /// <summary>Takes what was loaded for the page as it was first sent; answers how many events there had been then, null when there is nothing to take.</summary>
    protected virtual long? RestorePrerendered() => null;

    /// <summary>Whether an event makes what is shown stale.</summary>
    protected abstract bool IsRelevant(CatalogEvent catalogEvent);

    /// <summary>Asks the services for what is shown.</summary>
    protected abstract Task LoadAsync();

    /// <summary>What to do about events that concern it; reloads unless overridden.</summary>
    protected virtual Task OnEventsAsync(IReadOnlyList<CatalogEvent> events) => ReloadAsync();

    protected async Task ReloadAsync()
    {
        await TryRunAsync(async () =>
        {
            await LoadAsync();
            IsLoaded = true;
            Failure = null;
        });
        if (!Leaving.IsCancellationRequested)
        {
            StateHasChanged();
        }
    }

    /// <summary>Runs a unit of work of this page; a fault is recorded and shown, and the page goes on.</summary>
    protected async Task<bool> TryRunAsync(Func<Task> operation)
    {
        try
        {
            await operation();
            return true;
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
        }
        catch (PermissionDeniedException)
        {
            Failure = "Your account does not have the permission this needs. Somebody who manages accounts here can give it to you.";
        }
#pragma warning disable CA1031 // The end of a unit of work: whatever went wrong is logged and shown, and the circuit lives on.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LoggerFactory.CreateLogger(GetType()).LogError(exception, "{Page} could not be loaded", GetType().Name);
            Failure = "The catalogue did not answer as it should. Nothing was changed by it. Try again in a moment; the server's log says more.";
        }

        return false;
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !_leaving.IsCancellationRequested)
        {
            _leaving.Cancel();
            _subscription?.Dispose();
            _leaving.Dispose();
        }
    }

    private async Task PrerenderAsync()
    {
        Actor = await CurrentActor.GetAsync();
        var exists = true;
        await TryRunAsync(async () => exists = await ExistsAsync());
        if (!exists && Http is { } http)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
        }

        if (LoadsOnPrerender || !exists)
        {
            await ReloadAsync();
        }
    }

    private async Task ListenAsync(EventSubscription subscription)
    {
        await foreach (var batch in subscription.ReadAsync(RefreshInterval, Leaving))
        {
            await InvokeAsync(() => Leaving.IsCancellationRequested ? Task.CompletedTask : TryRunAsync(() => OnEventsAsync([.. batch.Select(catalogEvent => catalogEvent.ForReader(Actor))])));
        }
    }
}
